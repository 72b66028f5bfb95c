import { type Chunk, cell, keyIndexAt, keyNumbersOf } from './columns'
import { hasIv, readIv, writeIv } from './iv-cells'
import type { Row } from './model'
import { causeCodes, clockCodes, extensionCodes, kindCodes, reasonCodes } from './row-codes'
import { LAST_MS, MOST_SEC } from './segment-row'

const SEGMENT = kindCodes.codeOf('segment')
const GAP = kindCodes.codeOf('gap')
const INIT = kindCodes.codeOf('init')
const DISCONTINUITY = kindCodes.codeOf('discontinuity')
const KEY = kindCodes.codeOf('key')

/** Puts a row into place `at` of the chunk's columns. */
export function writeRow(chunk: Chunk, at: number, row: Row): void {
  chunk.index[at] = row.index
  chunk.epoch[at] = row.epoch
  chunk.startMs[at] = row.startMs
  switch (row.kind) {
    case 'segment':
      chunk.kind[at] = SEGMENT
      chunk.mediaSequence[at] = row.mediaSequence
      chunk.discontinuitySequence[at] = row.discontinuitySequence
      chunk.durationSec[at] = row.durationSec
      chunk.detail[at] = extensionCodes.codeOf(row.extension)
      chunk.size[at] = row.bytes
      chunk.checksum[at] = row.checksum
      chunk.initIndex[at] = row.initIndex
      if (row.keyIndex !== undefined) keyNumbersOf(chunk)[at] = row.keyIndex + 1
      return
    case 'gap':
      chunk.kind[at] = GAP
      chunk.mediaSequence[at] = row.mediaSequence
      chunk.discontinuitySequence[at] = row.discontinuitySequence
      chunk.durationSec[at] = row.durationSec
      chunk.detail[at] = causeCodes.codeOf(row.cause)
      chunk.size[at] = row.count
      return
    case 'init':
      chunk.kind[at] = INIT
      chunk.detail[at] = extensionCodes.codeOf(row.extension)
      chunk.size[at] = row.bytes
      chunk.checksum[at] = row.checksum
      return
    case 'key':
      chunk.kind[at] = KEY
      chunk.size[at] = row.bytes
      chunk.checksum[at] = row.checksum
      writeIv(chunk, at, row.iv)
      return
    case 'discontinuity':
      chunk.kind[at] = DISCONTINUITY
      chunk.mediaSequence[at] = row.mediaSequence
      chunk.detail[at] =
        reasonCodes.codeOf(row.reason) * clockCodes.words.length + clockCodes.codeOf(row.clock)
      return
  }
}

/** The row at place `at` as an object. */
export function readRow(chunk: Chunk, at: number): Row {
  const kind = kindCodes.wordAt(cell(chunk.kind, at))
  const base = {
    index: cell(chunk.index, at),
    epoch: cell(chunk.epoch, at),
    startMs: cell(chunk.startMs, at),
  }
  const detail = cell(chunk.detail, at)
  switch (kind) {
    case 'segment': {
      const keyIndex = keyIndexAt(chunk, at)
      return {
        kind,
        ...base,
        mediaSequence: cell(chunk.mediaSequence, at),
        discontinuitySequence: cell(chunk.discontinuitySequence, at),
        durationSec: cell(chunk.durationSec, at),
        extension: extensionCodes.wordAt(detail),
        bytes: cell(chunk.size, at),
        checksum: cell(chunk.checksum, at),
        initIndex: cell(chunk.initIndex, at),
        ...(keyIndex < 0 ? {} : { keyIndex }),
      }
    }
    case 'gap':
      return {
        kind,
        ...base,
        mediaSequence: cell(chunk.mediaSequence, at),
        discontinuitySequence: cell(chunk.discontinuitySequence, at),
        durationSec: cell(chunk.durationSec, at),
        cause: causeCodes.wordAt(detail),
        count: cell(chunk.size, at),
      }
    case 'init':
      return {
        kind,
        ...base,
        extension: extensionCodes.wordAt(detail),
        bytes: cell(chunk.size, at),
        checksum: cell(chunk.checksum, at),
      }
    case 'key': {
      const iv = readIv(chunk, at)
      return {
        kind,
        ...base,
        ...(iv === undefined ? {} : { iv }),
        bytes: cell(chunk.size, at),
        checksum: cell(chunk.checksum, at),
      }
    }
    case 'discontinuity':
      return {
        kind,
        ...base,
        reason: reasonCodes.wordAt(Math.floor(detail / clockCodes.words.length)),
        mediaSequence: cell(chunk.mediaSequence, at),
        clock: clockCodes.wordAt(detail % clockCodes.words.length),
      }
  }
}

/** Whether place `at` holds a row that a line of a log could hold: what a file says in columns is checked as its lines would be. */
export function holdsRow(chunk: Chunk, at: number): boolean {
  const detail = cell(chunk.detail, at)
  if (!isWithin(cell(chunk.startMs, at), 0, LAST_MS)) return false
  switch (cell(chunk.kind, at)) {
    case SEGMENT:
      return (
        hasStretch(chunk, at) &&
        detail < extensionCodes.words.length &&
        cell(chunk.initIndex, at) >= -1 &&
        keyIndexAt(chunk, at) <= 0x7fff_ffff
      )
    case GAP:
      return hasStretch(chunk, at) && detail < causeCodes.words.length
    case INIT:
      return detail < extensionCodes.words.length
    case KEY:
      return detail <= 1 && hasIv(chunk, at)
    case DISCONTINUITY:
      return (
        isWithin(cell(chunk.mediaSequence, at), -1, Number.MAX_SAFE_INTEGER) &&
        detail < reasonCodes.words.length * clockCodes.words.length
      )
    default:
      return false
  }
}

const isWithin = (value: number, least: number, most: number): boolean =>
  Number.isInteger(value) && value >= least && value <= most

function hasStretch(chunk: Chunk, at: number): boolean {
  const durationSec = cell(chunk.durationSec, at)
  return (
    durationSec >= 0 &&
    durationSec <= MOST_SEC &&
    isWithin(cell(chunk.mediaSequence, at), -1, Number.MAX_SAFE_INTEGER) &&
    isWithin(cell(chunk.discontinuitySequence, at), -1, Number.MAX_SAFE_INTEGER)
  )
}
