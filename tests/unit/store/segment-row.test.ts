import { crc32 } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import type { Row } from '../../../src-main/store/model'
import {
  causeCodes,
  clockCodes,
  extensionCodes,
  reasonCodes,
} from '../../../src-main/store/row-codes'
import { decodeRow, encodeRow, LAST_MS, roundSec } from '../../../src-main/store/segment-row'
import { createSegmentLineReader } from '../../../src-main/store/segment-row-fast'
import { createRandom, segmentRow } from '../../support/fault-store-samples'

const SAFE = Number.MAX_SAFE_INTEGER
const U32 = 0xffff_ffff

/** Rows of every kind, with small, usual and extreme values. */
function randomRow(random: () => number): Row {
  const below = (limit: number): number =>
    [0, limit - 1, Math.floor(random() * limit), Math.floor(random() * 1000)][
      Math.floor(random() * 4)
    ] ?? 0
  const pick = <T>(words: readonly T[]): T => {
    const word = words[Math.floor(random() * words.length)]
    if (word === undefined) throw new Error('no words')
    return word
  }
  const base = { index: below(U32), epoch: below(U32), startMs: below(LAST_MS) }
  const durationSec = pick([0, 4, 4.004, roundSec(random() * 20), roundSec(random() * 1e6)])
  const mediaSequence = pick([-1, below(SAFE)])
  const discontinuitySequence = below(SAFE)
  const extension = pick(extensionCodes.words)
  const file = { extension, bytes: below(U32), checksum: below(U32) }
  switch (pick(['segment', 'gap', 'init', 'key', 'discontinuity'] as const)) {
    case 'segment':
      return {
        kind: 'segment',
        ...base,
        ...file,
        durationSec,
        mediaSequence,
        discontinuitySequence,
        initIndex: pick([-1, below(0x7fff_ffff)]),
        ...pick([{}, { keyIndex: below(0x7fff_ffff) }]),
        ...pick([{}, { late: { number: 1 + below(1000), apart: random() < 0.5 } }]),
      }
    case 'gap':
      return {
        kind: 'gap',
        ...base,
        durationSec,
        mediaSequence,
        discontinuitySequence,
        cause: pick(causeCodes.words),
        count: below(U32),
      }
    case 'init':
      return { kind: 'init', ...base, ...file }
    case 'key':
      return {
        kind: 'key',
        ...base,
        ...pick([{}, { iv: randomIv(random) }]),
        bytes: 16,
        checksum: below(U32),
      }
    case 'discontinuity':
      return {
        kind: 'discontinuity',
        ...base,
        mediaSequence,
        reason: pick(reasonCodes.words),
        clock: pick(clockCodes.words),
      }
  }
}

/** Digits that stand for high and low words alike. */
const randomIv = (random: () => number): string =>
  Array.from({ length: 32 }, () => Math.floor(random() * 16).toString(16)).join('')

/** A line with a right CRC, whatever its text. */
const signed = (text: string): string => `[${text},${crc32(`[${text}`)}]`

const readFast = (line: string): Row | undefined => {
  const reader = createSegmentLineReader()
  const bytes = Buffer.from(`${line}\n`)
  return reader.read(bytes, 0, bytes.length) === bytes.length ? { ...reader.row } : undefined
}

describe('segment rows', () => {
  it('come back as they were written, whatever their kind and values', () => {
    const random = createRandom(1)
    for (let round = 0; round < 5000; round += 1) {
      const row = randomRow(random)
      const line = encodeRow(row)
      expect(line.endsWith(']\n')).toBe(true)
      expect(decodeRow(line.slice(0, -1))).toEqual(row)
    }
  })

  it('the fast reader agrees with the strict one on what it reads, and takes all usual lines', () => {
    const random = createRandom(2)
    for (let round = 0; round < 5000; round += 1) {
      const row = randomRow(random)
      const line = encodeRow(row).slice(0, -1)
      const fast = readFast(line)
      if (fast !== undefined) expect(fast).toEqual(decodeRow(line))
    }
    for (let index = 0; index < 1000; index += 1) {
      const row = segmentRow(index, { durationSec: roundSec(random() * 12) })
      expect(readFast(encodeRow(row).slice(0, -1))).toEqual(row)
    }
  })

  it('F36 the fast reader takes no line whose end was not read yet, whatever stands behind', () => {
    const bytes = Buffer.from(encodeRow(segmentRow(7)).repeat(2))
    const line = bytes.length / 2
    const reader = createSegmentLineReader()
    for (let to = 0; to < line; to += 1) expect(reader.read(bytes, 0, to)).toBe(-1)
    expect(reader.read(bytes, 0, line)).toBe(line)
    expect(reader.read(bytes, line, 2 * line)).toBe(2 * line)
  })

  it('F36 one changed, lost or added byte anywhere: neither reader takes the line for another row', () => {
    const line = encodeRow(segmentRow(7, { durationSec: 4.004 })).slice(0, -1)
    for (let at = 0; at < line.length; at += 1) {
      for (const wrong of [
        `${line.slice(0, at)}${line.slice(at + 1)}`,
        `${line.slice(0, at)}0${line.slice(at)}`,
        ...[1, 2, 4, 8, 16, 32, 64].map(
          (bit) =>
            `${line.slice(0, at)}${String.fromCharCode(line.charCodeAt(at) ^ bit)}${line.slice(at + 1)}`,
        ),
      ]) {
        if (wrong === line) continue
        expect(decodeRow(wrong)).toBe('damaged')
        expect(readFast(wrong)).toBeUndefined()
      }
    }
  })

  it.each([
    ['a fraction for an index', '1,"s",1.5,0,0,4,1,0,"ts",1,1,-1'],
    ['a negative start', '1,"s",1,0,-1,4,1,0,"ts",1,1,-1'],
    ['an instant no Date can name', '1,"s",1,0,8640000000000001,4,1,0,"ts",1,1,-1'],
    ['an unknown extension', '1,"s",1,0,0,4,1,0,"../x",1,1,-1'],
    ['too many values', '1,"s",1,0,0,4,1,0,"ts",1,1,-1,9'],
    ['too few values', '1,"s",1,0,0,4,1,0,"ts",1,1'],
    ['a size beyond 4 GB', '1,"s",1,0,0,4,1,0,"ts",4294967296,1,-1'],
    ['numbers with leading zeros', '1,"s",01,0,0,4,1,0,"ts",1,1,-1'],
    ['an unknown gap cause', '1,"g",1,0,0,4,1,0,"magic",1'],
    ['a cause that came with version 4', '1,"g",1,0,0,4,1,0,"damaged",1'],
    ['an unknown kind', '1,"x",1,0,0'],
    ['a key of version 1, which an earlier build would not know', '1,"k",1,0,0,"",16,1'],
    ['an IV that is no 32 digits', '2,"k",1,0,0,"\\n#EXT",16,1'],
    ['a key that is none', '2,"s",1,0,0,4,1,0,"ts",1,1,-1,-1'],
    ['version 0', '0,"s",1,0,0,4,1,0,"ts",1,1,-1'],
  ])('S37 a signed line with %s is damaged', (_what, text) => {
    expect(decodeRow(signed(text))).toBe('damaged')
    expect(readFast(signed(text))).toBeUndefined()
  })

  it('knows a row of a newer version by its CRC', () => {
    expect(decodeRow(signed('9,"s",1,"whatever comes"'))).toBe('too-new')
    expect(decodeRow('[9,"s",1,"whatever comes",1]')).toBe('damaged')
  })

  it('a build that knows no keys refuses an encrypted segment, and takes one in the clear', () => {
    const versionOf = (row: Row) => /^\[(\d+),/.exec(encodeRow(row))?.[1]
    expect(versionOf(segmentRow(1))).toBe('1')
    expect(versionOf(segmentRow(1, { keyIndex: 0 }))).toBe('2')
    const key = { kind: 'key', index: 0, epoch: 0, startMs: 0, bytes: 16, checksum: 1 } as const
    expect(versionOf(key)).toBe('2')
  })

  it('P3 a usual segment row takes at most 120 bytes', () => {
    const row = segmentRow(999_999, {
      epoch: 999,
      durationSec: 4.004004,
      mediaSequence: 99_999_999_999,
      discontinuitySequence: 9999,
      bytes: 99_999_999,
      checksum: U32,
      initIndex: 999_998,
    })
    expect(encodeRow(row).length).toBeLessThanOrEqual(120)
  })
})
