import { describe, expect, it } from 'vitest'
import { silentLogger } from '../../../src-main/ports/logger'
import type { Row, SegmentIndex } from '../../../src-main/store/model'
import { openSegmentLog, type SegmentLog } from '../../../src-main/store/segment-log'
import { sampleGap, sampleStartMs, segmentRow } from '../../support/fault-store-samples'
import {
  type CrashMode,
  crashModes,
  createMemoryFilePort,
  type MemoryFilePort,
} from '../../support/memory-file-port'

const folder = '/library/recordings/r/v0'
const path = `${folder}/segments.ndjson`

const open = (files: MemoryFilePort): Promise<SegmentLog> =>
  openSegmentLog({ files, path, mode: 'write', logger: silentLogger })

const at = (number: number) => sampleStartMs + number * 4000
const plain = (number: number): Row =>
  segmentRow(number, { startMs: at(number), mediaSequence: 100 + number })
const gap = (number: number): Row => ({ ...sampleGap(number), kind: 'gap', index: number })
const late = (number: number, lateNumber: number): Row =>
  segmentRow(number, {
    startMs: at(number),
    mediaSequence: 100 + number,
    late: { number: lateNumber, apart: false },
  })

const toldOf = (index: SegmentIndex) =>
  Array.from({ length: index.length }, (_, position) => ({
    row: index.rowAt(position),
    segments: index.segmentsBefore(position),
    breaks: index.discontinuitiesBefore(position),
  }))

/** What a log says, to whoever knows which late segments. */
const stateOf = ({ rows }: SegmentLog) => ({
  views: [0, 1, 2, 3].map((known) => toldOf(rows.asOf(known))),
  figures: rows.current.figures,
  longestSec: rows.told.longestSec,
  nextIndex: rows.nextIndex,
  gone: rows.told.gone,
})

async function letGo(log: SegmentLog, index: number): Promise<void> {
  const position = log.rows.told.positionOf(index) ?? 0
  const row = log.rows.letGoAt(position, { beside: 7, cleanIndex: log.rows.letGo?.index ?? 0 })
  if (row === undefined) throw new Error('there is nothing to let go of')
  await log.letGo(row)
}

/** A log of forty rows in which gaps were filled, the first thirty of them gone. */
async function begin() {
  const files = createMemoryFilePort()
  files.poke(`${folder}/keep`, Buffer.alloc(0))
  const log = await open(files)
  const rows = Array.from({ length: 40 }, (_, number) =>
    number % 8 === 3 ? gap(number) : plain(number),
  )
  rows[2] = segmentRow(2, { startMs: at(2), durationSec: 9, mediaSequence: 102 })
  await log.append(rows)
  await log.append([late(11, 1), late(35, 2)])
  await letGo(log, 10)
  await letGo(log, 30)
  return { files, log }
}

describe('a log that is written anew without what was let go', () => {
  it('says what it said, in fewer bytes, and goes on', async () => {
    const { files, log } = await begin()
    const before = stateOf(log)
    const bytesBefore = log.bytes
    await log.compact((work) => work())
    expect(stateOf(log)).toEqual(before)
    expect(log.bytes).toBeLessThan(bytesBefore / 2)
    expect(files.peek(path)?.length).toBe(log.bytes)
    expect(files.peek(path)?.toString()).toMatch(/^\[5,"t",30,30,/)
    expect(log.rows.goneRows).toBe(0)
    await log.append([plain(40)])
    await log.append([late(27, 3)]).then(
      () => expect.fail('its place is gone'),
      (error: unknown) => expect(error).toBeInstanceOf(RangeError),
    )
    const after = stateOf(log)
    await log.close()
    const again = await open(files)
    expect(stateOf(again)).toEqual(after)
    expect(again.gone).toEqual([])
    // The next rows go the same way.
    await letGo(again, 38)
    await again.compact((work) => work())
    const last = stateOf(again)
    await again.close()
    expect(stateOf(await open(files))).toEqual(last)
    expect(last.longestSec).toBe(9)
    expect(files.names('/library/recordings/r')).toEqual(['v0'])
  })

  it('has what was added while it was written', async () => {
    const { files, log } = await begin()
    await log.compact(async (work) => {
      await log.append([plain(40)])
      await log.append([gap(41), plain(42)])
      await log.append([late(41, 3)])
      await work()
    })
    const state = stateOf(log)
    expect(state.views[3]?.map(({ row }) => row.index).slice(-3)).toEqual([40, 41, 42])
    await log.close()
    expect(stateOf(await open(files))).toEqual(state)
  })

  it.each<CrashMode>(crashModes)(
    'F34 F35 loses nothing and brings nothing back at any crash point, %s',
    async (mode) => {
      const { files, log } = await begin()
      const images: { files: MemoryFilePort; rows: number }[] = []
      let rows = 40
      files.after = () => images.push({ files: files.crash(mode), rows })
      await log.compact(async (work) => {
        await log.append([plain(40)])
        rows = 41
        await work()
      })
      await log.append([plain(41)])
      rows = 42
      await log.close()
      expect(images.length).toBeGreaterThan(10)
      for (const image of images) {
        const again = await open(image.files)
        const { told } = again.rows
        expect(told.gone).toMatchObject({ before: 30, beside: 7 })
        expect(told.segmentsBefore(0)).toBe(30 - 4)
        const indexes = toldOf(told).map(({ row }) => row.index)
        expect(indexes).toEqual(indexes.map((_, place) => 30 + place))
        expect(indexes.length + 30).toBeGreaterThanOrEqual(image.rows)
        expect(again.rows.lates.map(({ index }) => index)).toEqual([35])
        await again.append([plain(50)])
        await again.close()
      }
    },
  )

  it.each(['ENOSPC', 'EIO'])(
    'F31 %s at any one operation leaves a log to which rows can be added, and which has them',
    async (errno) => {
      const { files: counted, log: first } = await begin()
      const from = counted.operations
      await first.compact((work) => work())
      const until = counted.operations
      for (let failing = from + 1; failing <= until; failing += 1) {
        const { files, log } = await begin()
        files.before = ({ number }) => (number === failing ? errno : undefined)
        const outcome = await log
          .compact((work) => work())
          .then(
            () => undefined,
            (cause: unknown) => cause,
          )
        if (outcome !== undefined) expect(outcome).toMatchObject({ name: 'VsrError' })
        files.before = () => undefined
        await log.append([plain(40)])
        const state = stateOf(log)
        await log.close()
        expect(stateOf(await open(files.crash('unsynced-lost')))).toEqual(state)
      }
    },
  )
})
