import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { startFaultProxy } from '../support/fault-proxy'
import { makeMedia } from '../support/media'
import { startObjectStore } from '../support/object-store'
import { TEST_KEYS } from '../support/object-store-signature'
import { tempDirForTest } from '../support/temp-dir'
import { runVsr, startVsr } from '../support/vsr-process'

const MB = 1024 * 1024
const withKeys = {
  AWS_ACCESS_KEY_ID: TEST_KEYS.accessKeyId,
  AWS_SECRET_ACCESS_KEY: TEST_KEYS.secretAccessKey,
}
const withoutKeys = {
  AWS_ACCESS_KEY_ID: undefined,
  AWS_SECRET_ACCESS_KEY: undefined,
  AWS_PROFILE: undefined,
}

it('F52 vsr upload that is killed between two parts goes on with the next one', async () => {
  const store = await startObjectStore()
  const proxy = await startFaultProxy(store.port)
  const dir = tempDirForTest()
  const file = path.join(dir, 'clip.mp4')
  const content = randomBytes(20 * MB)
  writeFileSync(file, content)
  const to = ['--to', 's3://recordings/clips', '--endpoint', proxy.url, '--remove-local']
  const args = ['upload', file, ...to, '--json', '--library', path.join(dir, 'library')]

  const held = proxy.holdAfter(12 * MB)
  const first = await startVsr(args, { env: withKeys })
  await held
  await first.stop('SIGKILL')
  expect(existsSync(file)).toBe(true)
  proxy.breakHeld()

  const before = proxy.sentBytes()
  const second = await runVsr(args, { env: withKeys })
  expect(second).toMatchObject({ code: 0, stderr: '' })
  expect(second.lines.at(-1)).toMatchObject({
    event: 'result',
    address: 's3://recordings/clips/clip.mp4',
    bytesBefore: 8 * MB,
    localRemoved: true,
  })
  expect(proxy.sentBytes() - before).toBeLessThan(13 * MB)
  expect(store.objects.get('clips/clip.mp4')?.equals(content)).toBe(true)
  expect(existsSync(file)).toBe(false)
})

it('S34 S35 vsr export --upload takes keys from a file of mode 600, and repeats them nowhere', async () => {
  const store = await startObjectStore()
  const dir = tempDirForTest()
  const library = path.join(dir, 'library')
  const media = await makeMedia({ kind: 'ts' })
  expect(await runVsr(['import', media.dir, '--library', library])).toMatchObject({ code: 0 })
  const keyFile = path.join(dir, 'credentials')
  const { accessKeyId, secretAccessKey } = TEST_KEYS
  writeFileSync(
    keyFile,
    `[default]\naws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n`,
  )
  chmodSync(keyFile, 0o644)
  const env = { ...withoutKeys, AWS_SHARED_CREDENTIALS_FILE: keyFile, VSR_DEBUG: '1' }
  const clip = path.join(dir, 'clip.mp4')
  const to = ['--upload', 's3://recordings/clips', '--endpoint', store.url]
  const args = ['export', 'latest', '-o', clip, ...to, '--json', '--library', library]

  const refused = await runVsr(args, { env })
  expect(refused.code).toBe(1)
  expect(refused.lines).toMatchObject([{ event: 'error', code: 'upload_not_signed_in' }])
  expect(existsSync(clip)).toBe(false)

  chmodSync(keyFile, 0o600)
  // One failure of each kind that an SDK tells at length, so that there is something to log.
  store.behave.failNext = { times: 1, status: 503, code: 'SlowDown' }
  const done = await runVsr(args, { env })
  expect(done.code).toBe(0)
  expect(done.stderr).toContain('an upload failed for the moment')
  const uploaded = { address: 's3://recordings/clips/clip.mp4', localRemoved: false }
  expect(done.lines.at(-1)).toMatchObject({ event: 'result', file: clip, uploaded })
  expect(store.objects.get('clips/clip.mp4')?.equals(readFileSync(clip))).toBe(true)
  store.behave.failNext = { times: 1, status: 403, code: 'AccessDenied' }
  const denied = await runVsr(
    ['upload', clip, '--to', 's3://recordings/more', '--endpoint', store.url, '--library', library],
    { env },
  )
  expect(denied).toMatchObject({ code: 1 })
  expect(denied.stderr).toContain('upload_refused')

  const files = readdirSync(library, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(path.join(entry.parentPath, entry.name), 'latin1'))
  const all = [refused, done, denied].flatMap(({ stdout, stderr }) => [stdout, stderr])
  for (const text of [...all, ...files]) {
    expect(text).not.toContain(accessKeyId)
    expect(text).not.toContain(secretAccessKey)
    expect(text).not.toMatch(/Signature=[0-9a-f]/)
  }
})
