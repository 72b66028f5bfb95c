import { setImmediate as nextTurn } from 'node:timers/promises'
import { crc32 } from 'node:zlib'
import { beforeEach, describe, expect, it } from 'vitest'
import { silentLogger } from '../../../src-main/ports/logger'
import type { Piece } from '../../../src-main/store/columns'
import { INDEX_FILE_NAME, NEW_INDEX_FILE_NAME } from '../../../src-main/store/index-file-format'
import { isIndexFileDue, othersOf } from '../../../src-main/store/index-keeper'
import type { Row } from '../../../src-main/store/model'
import { readIndex } from '../../../src-main/store/read-index'
import { readIndexFile } from '../../../src-main/store/read-index-file'
import { openSegmentLog } from '../../../src-main/store/segment-log'
import { encodeRow } from '../../../src-main/store/segment-row'
import { createTrackIndex, type TrackIndex } from '../../../src-main/store/track-index'
import { writeIndexFile } from '../../../src-main/store/write-index-file'
import { assortedRows, assortedStartMs } from '../../support/assorted-rows'
import { createRandom, segmentRow } from '../../support/fault-store-samples'
import {
  crashModes,
  createMemoryFilePort,
  type MemoryFilePort,
} from '../../support/memory-file-port'

const path = '/v0/segments.ndjson'
const indexPath = `/v0/${INDEX_FILE_NAME}`
const textOf = (rows: readonly Row[]): Buffer => Buffer.from(rows.map(encodeRow).join(''))

let files: MemoryFilePort
beforeEach(() => {
  files = createMemoryFilePort()
})

function indexOf(rows: readonly Row[]): TrackIndex {
  const index = createTrackIndex()
  for (const row of rows) index.push(row)
  return index
}

/** A log of these rows, and an index file for so many of them. */
async function store(
  rows: readonly Row[],
  covered = rows.length,
  pieces?: readonly Piece[],
): Promise<void> {
  const log = textOf(rows.slice(0, covered))
  files.poke(path, textOf(rows))
  const index = indexOf(rows.slice(0, covered))
  const end = { bytes: log.length, crc: crc32(log) }
  const shown = pieces ?? index.pieces() ?? []
  const what = { pieces: shown, others: othersOf(index), end }
  await writeIndexFile({ files, path: indexPath, ...what, isOver: () => false })
}

async function read(from: MemoryFilePort = files) {
  const log = await from.open(path, 'read')
  return readIndex({ files: from, path, log })
}

/** Everything that can be asked of an index. */
function told({ told: index, current, lates, nextIndex }: TrackIndex): unknown {
  const all = (shown: typeof index) =>
    Array.from({ length: shown.length }, (_, at) => [
      encodeRow(shown.rowAt(at)),
      shown.segmentsBefore(at),
      shown.discontinuitiesBefore(at),
      shown.positionOf(shown.indexAt(at)),
      shown.firstEndingAfter(shown.startMsAt(at)),
      shown.keyIndexAt(at),
    ])
  return JSON.stringify([
    all(index),
    current === index ? undefined : all(current),
    lates.map(encodeRow),
    [index.figures, current.figures, index.longestSec, current.lateNumber, nextIndex],
  ])
}

/** Rows with gaps some of whose segments came late, in the order of a log. */
function rowsWithLates(): Row[] {
  const gap = (index: number): Row => ({
    kind: 'gap',
    index,
    epoch: 0,
    startMs: assortedStartMs + index * 4000,
    mediaSequence: 100 + index,
    discontinuitySequence: 0,
    durationSec: 12,
    cause: 'network',
    count: 3,
  })
  const at = (index: number, late?: number): Row =>
    segmentRow(index, {
      startMs: assortedStartMs + index * 4000,
      ...(late === undefined ? {} : { late: { number: late, apart: late % 2 === 0 } }),
    })
  return [
    at(0),
    gap(1),
    at(4),
    at(2, 1),
    ...Array.from({ length: 90 }, (_, n) => at(5 + n)),
    gap(95),
    at(96, 2),
    at(97, 3),
  ]
}

describe('the index file of a log', () => {
  it('makes the same index as the log, whatever the rows, and that goes on the same', async () => {
    for (const [seed, count] of [1, 64, 65, 300, 4096, 9000].entries()) {
      files = createMemoryFilePort()
      const random = createRandom(seed + 1)
      const rows = assortedRows(count + 50, random)
      await store(rows.slice(0, count))
      const { index, coveredBytes } = await read()
      expect(coveredBytes).toBe(textOf(rows.slice(0, count)).length)
      const plain = indexOf(rows.slice(0, count))
      expect(told(index) === told(plain)).toBe(true)
      for (const row of rows.slice(count)) {
        index.push(row)
        plain.push(row)
      }
      expect(told(index) === told(plain)).toBe(true)
    }
  })

  it('has the segments that came late', async () => {
    const rows = rowsWithLates()
    await store(rows)
    const { index, coveredBytes } = await read()
    expect(coveredBytes).toBeGreaterThan(0)
    expect(index.lates).toHaveLength(3)
    expect(told(index)).toBe(told(indexOf(rows)))
  })

  it('stands for the beginning of a log that has grown since', async () => {
    const rows = assortedRows(500, createRandom(3))
    await store(rows, 300)
    const { index, state, coveredBytes } = await read()
    expect(coveredBytes).toBe(textOf(rows.slice(0, 300)).length)
    expect(state.wholeBytes).toBe(textOf(rows).length)
    expect(state.wholeCrc).toBe(crc32(textOf(rows)))
    expect(told(index)).toBe(told(indexOf(rows)))
  })

  it('has what was let go before its log was begun', async () => {
    const rows = rowsWithLates()
    const whole = indexOf(rows)
    const letGo = whole.letGoAt(4, { beside: 2, cleanIndex: 0 })
    if (letGo === undefined) throw new Error('there is nothing to let go')
    const left = rows.filter(({ index }) => index >= letGo.index)
    const log = Buffer.concat([Buffer.from(encodeRow(letGo)), textOf(left)])
    files.poke(path, log)
    const plain = (await read()).index
    const end = { bytes: log.length, crc: crc32(log) }
    const what = { pieces: plain.pieces() ?? [], others: othersOf(plain), end }
    await writeIndexFile({ files, path: indexPath, ...what, isOver: () => false })
    const { index, coveredBytes } = await read()
    expect(coveredBytes).toBe(log.length)
    expect(index.letGo).toEqual(letGo)
    expect(index.told.segmentsBefore(0)).toBeGreaterThan(0)
    expect(told(index)).toBe(told(plain))
  })

  it('leaves to the log what was let go since, and the files that may be left of it', async () => {
    const rows = Array.from({ length: 300 }, (_, at) => segmentRow(at))
    await store(rows, 200)
    const letGo = indexOf(rows).letGoAt(100, { beside: 0, cleanIndex: 60 })
    if (letGo === undefined) throw new Error('there is nothing to let go')
    files.poke(path, Buffer.concat([textOf(rows), Buffer.from(encodeRow(letGo))]))
    const { index, state, coveredBytes } = await read()
    expect(coveredBytes).toBeGreaterThan(0)
    expect(state.gone.map((row) => row.index)).toEqual(Array.from({ length: 40 }, (_, n) => 60 + n))
    expect(index.told.length).toBe(200)
    // An index file of it would have the log's reader forget those files.
    expect(index.pieces()).toBeUndefined()
  })

  it('is thrown away where a byte of it is another, or missing', async () => {
    await store(rowsWithLates())
    const log = await files.open(path, 'read')
    const logSize = await log.size()
    const believed = () => readIndexFile({ files, path: indexPath, log, logSize })
    expect(await believed()).toBeDefined()
    const whole = Buffer.from(files.peek(indexPath) ?? [])
    for (let at = 0; at < whole.length; at += 1) {
      const flipped = Buffer.from(whole)
      flipped[at] = (flipped[at] ?? 0) ^ (1 << (at % 8))
      files.poke(indexPath, flipped)
      if ((await believed()) !== undefined) expect.fail(`with byte ${at} flipped`)
      files.poke(indexPath, whole.subarray(0, at))
      if ((await believed()) !== undefined) expect.fail(`cut to ${at} bytes`)
    }
    files.poke(indexPath, Buffer.concat([whole, Buffer.from('\n')]))
    expect(await believed()).toBeUndefined()
  })

  it('is thrown away where a byte of the log that it stands for is another', async () => {
    const rows = rowsWithLates()
    await store(rows)
    const whole = textOf(rows)
    for (let at = 0; at < whole.length; at += 41) {
      const flipped = Buffer.from(whole)
      flipped[at] = (flipped[at] ?? 0) ^ (1 << (at % 8))
      files.poke(path, flipped)
      const { index, state, coveredBytes } = await read()
      const isDamaged = state.damaged.length > 0 || state.torn
      expect([at, coveredBytes, isDamaged]).toEqual([at, 0, true])
      expect(index.told.length).toBeLessThan(indexOf(rows).told.length + 1)
    }
    files.poke(path, whole.subarray(0, -1))
    expect((await read()).coveredBytes).toBe(0)
  })

  it.each<[string, (piece: Piece) => Piece]>([
    [
      'a count that is wrong',
      changed((view, { at }) => view.setUint32(at.segmentsBefore, 7, true)),
    ],
    ['a kind that there is not', changed((view, { at }) => view.setUint8(at.kind, 9))],
    ['a start that is no instant', changed((view) => view.setFloat64(8, Number.NaN, true))],
    ['rows that go back in time', changed((view) => view.setFloat64(8, 5, true))],
    [
      'a length without end',
      changed((view, { rows }) => view.setFloat64(rows * 8, Infinity, true)),
    ],
    ['columns that are those of none before', (piece) => ({ ...piece, own: piece.own - 2 })],
    ['more rows than there is room for', (piece) => ({ ...piece, rows: piece.capacity + 1 })],
    ['fewer rows than its memory is for', (piece) => ({ ...piece, capacity: 64 })],
  ])('is thrown away with %s, though its checksums are right', async (_what, change) => {
    const rows = Array.from({ length: 100 }, (_, at) => segmentRow(at))
    const pieces = indexOf(rows).pieces()?.map(change)
    await store(rows, rows.length, pieces)
    const { index, coveredBytes } = await read()
    expect(coveredBytes).toBe(0)
    expect(told(index)).toBe(told(indexOf(rows)))
  })

  it('is not found where the disk cannot read it', async () => {
    const rows = rowsWithLates()
    files.poke(path, textOf(rows))
    files.link(indexPath, '/elsewhere')
    const { index, coveredBytes } = await read()
    expect(coveredBytes).toBe(0)
    expect(told(index)).toBe(told(indexOf(rows)))
  })
})

/** Changes the memory of a piece of 100 rows. */
function changed(
  change: (
    view: DataView,
    place: { readonly rows: number; readonly at: { segmentsBefore: number; kind: number } },
  ) => void,
): (piece: Piece) => Piece {
  return (piece) => {
    const memory = piece.memory.slice(0)
    const rows = piece.capacity
    const wide = rows * 8 * 4 + (rows / 64) * 8
    const at = { segmentsBefore: wide + rows * 4 * 5 + 40, kind: wide + rows * 4 * 7 + 3 }
    change(new DataView(memory), { rows, at })
    return { ...piece, memory }
  }
}

describe('a log that is open for writing', () => {
  const many = Array.from({ length: 9000 }, (_, at) => segmentRow(at))
  const open = (from: MemoryFilePort = files) =>
    openSegmentLog({ files: from, path, mode: 'write', logger: silentLogger })
  const untilWritten = async (): Promise<void> => {
    for (let turns = 0; files.peek(indexPath) === undefined; turns += 1) {
      if (turns > 10_000) throw new Error('no index file was written')
      await nextTurn()
    }
  }

  it('gets an index file when it is long, and the next time it is read from that', async () => {
    files.poke(path, textOf(many))
    const log = await open()
    await untilWritten()
    await log.close()
    expect(files.names('/v0').toSorted()).toEqual(['segments.index', 'segments.ndjson'])
    expect((await read()).coveredBytes).toBe(textOf(many).length)
    const again = await open()
    await again.append([segmentRow(9000)])
    await again.close()
    expect(told((await read()).index)).toBe(told(indexOf([...many, segmentRow(9000)])))
  })

  it('gets one while it grows, without waiting for it', async () => {
    files.poke(path, Buffer.alloc(0))
    const log = await open()
    for (let from = 0; from < 9000; from += 1500) await log.append(many.slice(from, from + 1500))
    await untilWritten()
    const { index, coveredBytes } = await read()
    expect(coveredBytes).toBeGreaterThan(500_000)
    expect(told(index)).toBe(told(indexOf(many)))
    await log.close()
  })

  it('gets none when its beginning was let go, until it was written anew and opened again', async () => {
    files.poke(path, textOf(many))
    const log = await open()
    await untilWritten()
    const letGo = log.rows.letGoAt(1500, { beside: 0, cleanIndex: 0 })
    if (letGo === undefined) throw new Error('there is nothing to let go')
    await log.letGo(letGo)
    expect(log.rows.pieces()).toBeUndefined()
    await log.compact((work) => work())
    expect(log.rows.pieces()).toBeUndefined()
    await log.append([segmentRow(9000)])
    expect(files.peek(indexPath)).toBeUndefined()
    await log.close()

    const anew = await open()
    await untilWritten()
    await anew.close()
    const { index, coveredBytes } = await read()
    expect(coveredBytes).toBe(files.peek(path)?.length)
    expect(index.told.segmentsBefore(0)).toBe(1500)
    expect(told(index)).toBe(told(anew.rows))
  })

  it('gets none where it is short, and none where it is closed before', async () => {
    files.poke(path, textOf(many.slice(0, 5000)))
    const short = await open()
    await nextTurn()
    await short.close()
    expect(files.names('/v0')).toEqual(['segments.ndjson'])
    files.poke(path, textOf(many))
    const log = await open()
    await log.close()
    expect(files.names('/v0')).toEqual(['segments.ndjson'])
    const later = await open()
    let closed: Promise<void> | undefined
    files.after = ({ name, path: touched }) => {
      if (name === 'open' && touched.endsWith(NEW_INDEX_FILE_NAME)) closed ??= later.close()
    }
    for (let turns = 0; closed === undefined && turns < 10_000; turns += 1) await nextTurn()
    expect(closed).toBeDefined()
    await closed
    expect(files.names('/v0')).toEqual(['segments.ndjson'])
  })

  it('goes on without one where the disk takes no more', async () => {
    files.poke(path, textOf(many))
    files.before = (operation) => (operation.path.endsWith('.new') ? 'ENOSPC' : undefined)
    const log = await open()
    await log.append([segmentRow(9000)])
    for (let turns = 0; turns < 100; turns += 1) await nextTurn()
    await log.close()
    expect(files.peek(indexPath)).toBeUndefined()
    expect(told((await read()).index)).toBe(told(indexOf([...many, segmentRow(9000)])))
  })

  it('is the same after a crash at any point of writing it, over one that is older', async () => {
    await store(many.slice(0, 100))
    files.poke(path, textOf(many))
    const before = files.crash('applied')
    const first = await open(before)
    const crashed: MemoryFilePort[] = []
    before.after = ({ path: touched }) => {
      if (touched.includes(INDEX_FILE_NAME)) {
        for (const mode of crashModes) crashed.push(before.crash(mode))
      }
    }
    for (let turns = 0; !crashed.some((disk) => hasNew(disk)); turns += 1) {
      if (turns > 10_000) throw new Error('no index file was written')
      await nextTurn()
    }
    await first.close()
    expect(crashed.length).toBeGreaterThan(4 * 5)
    const { figures, length } = indexOf(many).told
    for (const disk of crashed) {
      const { told: found } = (await read(disk)).index
      expect([found.figures, found.length]).toEqual([figures, length])
    }
    const last = crashed.at(-4)
    expect(last?.names('/v0')).not.toContain(NEW_INDEX_FILE_NAME)
  })

  const hasNew = (disk: MemoryFilePort): boolean => (disk.peek(indexPath)?.length ?? 0) > 100_000
})

describe('when an index file is written', () => {
  it.each([
    [500_000, 0, false],
    [600_000, 0, true],
    [600_000, 100_000, false],
    [100_000_000, 99_000_000, false],
    [100_000_000, 96_000_000, true],
  ])('a log of %i bytes, of which %i are covered: %s', (bytes, covered, due) => {
    expect(isIndexFileDue(bytes, covered)).toBe(due)
  })
})
