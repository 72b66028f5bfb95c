import { readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { isDeepStrictEqual } from 'node:util'
import { crc32 } from 'node:zlib'
import { build } from 'vite'
import { describe, expect, it } from 'vitest'
import { systemClock } from '../../src-main/ports/clock'
import { silentLogger } from '../../src-main/ports/logger'
import { openLibrary } from '../../src-main/store/library'
import type { SegmentRow } from '../../src-main/store/model'
import { createRandom } from '../support/fault-store-samples'
import { startProcess } from '../support/processes'
import { tempDirForTest } from '../support/temp-dir'

const KILLS = 10
const source = fileURLToPath(new URL('../support/fault-store-child.ts', import.meta.url))
const childFile = path.resolve(import.meta.dirname, '../../.cache/test-store-child/child.mjs')

const buildChild = () =>
  build({
    configFile: false,
    logLevel: 'error',
    build: {
      ssr: source,
      outDir: path.dirname(childFile),
      target: 'node20.19',
      minify: false,
      rollupOptions: { output: { entryFileNames: 'child.mjs' } },
    },
  })

/** Runs the child until it has acknowledged something, kills it `afterMs` later, and tells what it acknowledged. */
async function runAndKill(library: string, afterMs: number): Promise<SegmentRow[]> {
  let said = ''
  let onFirst: () => void = () => {}
  const first = new Promise<void>((resolve) => {
    onFirst = resolve
  })
  const child = await startProcess({
    command: process.execPath,
    args: [childFile, library],
    onStdout: (text) => {
      said += text
      if (said.includes('\n')) onFirst()
    },
  })
  await Promise.race([first, child.exited])
  await systemClock.sleep(afterMs)
  await child.stop({ signal: 'SIGKILL' })
  if (child.stderr !== '') throw new Error(child.stderr)
  // A line without its end was not heard whole; the row may be there all the same.
  return said
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as SegmentRow)
}

describe('a killed process', () => {
  it(`F34 ${KILLS} kills at random instants: every acknowledged segment is there, byte for byte`, async () => {
    const folder = tempDirForTest()
    await buildChild()
    const random = createRandom(Date.now())
    const acknowledged: SegmentRow[] = []
    for (let kill = 0; kill < KILLS; kill += 1) {
      acknowledged.push(...(await runAndKill(folder, random() * 150)))
    }
    expect(acknowledged.length).toBeGreaterThan(KILLS)
    const library = await openLibrary({
      root: folder,
      mode: 'write',
      clock: systemClock,
      logger: silentLogger,
    })
    const [track] = (await library.list()[0]?.tracks()) ?? []
    for (const row of acknowledged) {
      const position = track?.index.positionOf(row.index)
      if (track === undefined || position === undefined) throw new Error(`${row.index} is lost`)
      if (!isDeepStrictEqual(track.index.rowAt(position), row)) throw new Error('a row changed')
      const data = readFileSync(track.pathOf(row))
      if (data.length !== row.bytes || crc32(data) !== row.checksum) throw new Error('damaged')
    }
    await library.close()
  })
})
