// RECOVERY: a library of 100 000 segments is opened without a catalogue and with a log that a crash has left torn or damaged.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { systemClock } from '../../src-main/ports/clock'
import { silentLogger } from '../../src-main/ports/logger'
import { openLibrary } from '../../src-main/store/library'
import { encodeRow } from '../../src-main/store/segment-row'
import { sampleMeta, sampleTrack, segmentRow } from '../support/fault-store-samples'
import { benchOptions } from './support/bench-options'
import { corpusDir, report } from './support/report'

const ROUNDS = 5
const rows = benchOptions().number('rows', { full: 100_000, quick: 10_000 })
const root = path.join(corpusDir, 'reliability-recovery.work')

const open = () => openLibrary({ root, mode: 'write', clock: systemClock, logger: silentLogger })

async function makeLog(): Promise<string> {
  rmSync(root, { recursive: true, force: true })
  mkdirSync(root, { recursive: true })
  const library = await open()
  const recording = await library.create(sampleMeta)
  await recording.addTrack(sampleTrack)
  await library.close()
  return path.join(root, 'recordings', recording.id, sampleTrack.id, 'segments.ndjson')
}

/** Seconds until all of it can be played, exported and recorded on, the slowest of all rounds. */
async function slowestSec(log: string, data: Buffer): Promise<number> {
  let slowest = 0
  for (let round = 0; round < ROUNDS; round += 1) {
    writeFileSync(log, data)
    rmSync(path.join(root, 'library.json'), { force: true })
    const startMs = performance.now()
    const library = await open()
    const [track] = (await library.list()[0]?.tracks()) ?? []
    slowest = Math.max(slowest, performance.now() - startMs)
    if (track === undefined || track.index.length < rows - 1) throw new Error('rows are missing')
    await library.close()
  }
  return slowest / 1000
}

try {
  const log = await makeLog()
  writeFileSync(
    log,
    Array.from({ length: rows }, (_, index) => encodeRow(segmentRow(index))).join(''),
  )
  const whole = readFileSync(log)
  const torn = Buffer.concat([whole, Buffer.from(encodeRow(segmentRow(rows))).subarray(0, 40)])
  const damaged = Buffer.from(whole)
  const middle = whole.length >> 1
  damaged[middle] = (damaged[middle] ?? 0) ^ 1
  const bar = { text: '< 3 s', limit: 3 }
  report({
    row: 'RECOVERY',
    title: 'opening after a crash',
    method: `A recording of ${rows} segments in a library without a catalogue: until the library is open, its log read with every checksum, mended, and its track ready. The slowest of ${ROUNDS} rounds, the first one with code that was never run. How long \`vsr serve\` takes to listen over a million rows is in [performance](performance.md), P9.`,
    measurements: [
      { work: 'after a clean end', unit: 's', vsr: await slowestSec(log, whole), bar },
      { work: 'the last row torn', unit: 's', vsr: await slowestSec(log, torn), bar },
      { work: 'a row in the middle damaged', unit: 's', vsr: await slowestSec(log, damaged), bar },
    ],
  })
} finally {
  rmSync(root, { recursive: true, force: true })
}
