import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createTestCertificate } from '../support/certificate'
import { makeMedia, type Media } from '../support/media'
import { tempDirForTest } from '../support/temp-dir'
import { runVsr } from '../support/vsr-process'

/** Nearly all sources are behind TLS. */

const { key, cert } = createTestCertificate()
let media: Media
let connections = 0
let requests = 0
const server = createServer({ key, cert }, (request, response) => {
  requests += 1
  response.end(readFileSync(path.join(media.dir, path.basename(request.url ?? ''))))
})
server.on('secureConnection', () => {
  connections += 1
})
let url: string

beforeAll(async () => {
  media = await makeMedia({ kind: 'fmp4' })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  url = `https://localhost:${(server.address() as AddressInfo).port}/${media.playlist}`
})
afterAll(
  () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    }),
)

it('is recorded over a few connections that are used again', async () => {
  const library = tempDirForTest()
  const trusted = path.join(tempDirForTest(), 'trusted.pem')
  writeFileSync(trusted, cert)
  const { code, lines } = await runVsr(['record', url, '--json', '--library', library], {
    env: { NODE_EXTRA_CA_CERTS: trusted },
  })
  expect(code).toBe(0)
  expect(lines.at(-1)).toMatchObject({ event: 'result', recording: { segments: 6, gaps: 0 } })
  expect(requests).toBeGreaterThanOrEqual(8)
  expect(connections).toBeLessThan(requests)

  const stored = readdirSync(library, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.m4s'))
    .sort()
    .map((name) => readFileSync(path.join(library, name)))
  const sent = readdirSync(media.dir)
    .filter((name) => name.endsWith('.m4s'))
    .map((name) => readFileSync(path.join(media.dir, name)))
  expect(stored).toHaveLength(6)
  expect(stored.every((bytes) => sent.some((other) => other.equals(bytes)))).toBe(true)
})

it('is refused where its certificate cannot be trusted', async () => {
  const library = tempDirForTest()
  const { code, lines, stderr } = await runVsr(['record', url, '--json', '--library', library])
  expect(code).not.toBe(0)
  expect(JSON.stringify(lines) + stderr).toContain('certificate was refused')
})
