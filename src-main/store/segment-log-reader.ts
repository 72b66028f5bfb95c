import { crc32 } from 'node:zlib'
import { VsrError } from '../../src-preload/contract/errors'
import type { OpenFile } from './file-port'
import type { FileRow, LetGoRow, LogRow, Row } from './model'
import { decodeRow } from './segment-row'
import { createSegmentLineReader } from './segment-row-fast'
import type { TrackIndex } from './track-index'

const BLOCK_BYTES = 1 << 20
/** A little more than a short file, so that its end is seen and a line always fits. */
const SPARE_BYTES = 1024
/** Newlines behind the block: a scan stops there, since a read beyond the end would slow down all that follow. */
const GUARD_BYTES = 64
const NEWLINE = 10

/** What reading a log found besides the rows that are now in the index. */
export interface LogState {
  /** Length of the file up to and including its last whole line. */
  readonly wholeBytes: number
  /** CRC-32 of those bytes. */
  readonly wholeCrc: number
  /** The file ends in a line without a newline: the write of it was torn. */
  readonly torn: boolean
  /** Lines that are no rows, in order (F36). */
  readonly damaged: readonly Uint8Array[]
  /** Rows were found inside damaged lines, or without their newline: the file must be written anew. */
  readonly salvaged: boolean
  /** Rows that were let go last, and whose files may still be there after a crash. */
  readonly gone: readonly FileRow[]
}

/**
 * Reads a log into `index`, in blocks of 1 MiB. Never fails on damage: what is no row is returned.
 *
 * @param options.known how much of the log `index` holds already, and its CRC-32.
 * Throws VsrError `library_too_new` where a newer VSR wrote it, errno errors where the disk fails.
 */
export async function readSegmentLog(options: {
  readonly file: OpenFile
  readonly index: TrackIndex
  readonly known?: { readonly bytes: number; readonly crc: number }
}): Promise<LogState> {
  const { file, index, known = { bytes: 0, crc: 0 } } = options
  const reader = createSegmentLineReader()
  const blockBytes = Math.min(BLOCK_BYTES, (await file.size()) - known.bytes + SPARE_BYTES)
  const block = Buffer.allocUnsafe(blockBytes + GUARD_BYTES).fill(NEWLINE, blockBytes)
  const damaged: Uint8Array[] = []
  let salvaged = false
  let letGo: LetGoRow | undefined

  /** Rows are let go when all are read: what is left can only be told then. */
  const takeLetGo = (row: LetGoRow): boolean => {
    if (index.told.length === 0) index.takeLetGo(row)
    else if (row.index > (letGo?.index ?? 0)) letGo = row
    return true
  }
  const takeAny = (row: LogRow): boolean => (row.kind === 'let-go' ? takeLetGo(row) : take(row))
  const take = (row: Row): boolean => {
    if (!index.accepts(row)) return false
    index.push(row)
    return true
  }
  /** A newline that was lost has joined two rows: each may still be whole between its brackets. */
  const salvage = (bytes: Uint8Array): number => {
    const pieces =
      Buffer.from(bytes)
        .toString('latin1')
        .match(/\[[^[\]]*\]/g) ?? []
    return pieces.filter((piece) => {
      const row = decodeRow(piece)
      return typeof row === 'object' && takeAny(row)
    }).length
  }
  const takeLine = (bytes: Uint8Array): void => {
    const row = decodeRow(Buffer.from(bytes).toString('latin1'))
    if (row === 'too-new') throw tooNew()
    if (row !== 'damaged' && takeAny(row)) return
    damaged.push(Uint8Array.from(bytes))
    if (salvage(bytes) > 0) salvaged = true
  }
  /** Takes the whole lines of the block's first `filled` bytes; returns how many bytes they are. */
  const takeLines = (filled: number): number => {
    let at = 0
    while (at < filled) {
      const next = reader.read(block, at, filled)
      if (next > 0 && take(reader.row)) {
        at = next
        continue
      }
      const end = block.subarray(0, filled).indexOf(NEWLINE, at)
      if (end < 0) return at
      takeLine(block.subarray(at, end))
      at = end + 1
    }
    return at
  }

  let filled = 0
  let position = known.bytes
  let wholeCrc = known.crc
  for (;;) {
    const bytes = await file.read(block.subarray(filled, blockBytes), position)
    if (bytes === 0) break
    position += bytes
    filled += bytes
    const used = takeLines(filled)
    wholeCrc = crc32(block.subarray(0, used), wholeCrc)
    block.copyWithin(0, used, filled)
    filled -= used
    if (filled === blockBytes) {
      damaged.push(Uint8Array.from(block.subarray(0, filled)))
      wholeCrc = crc32(block.subarray(0, filled), wholeCrc)
      filled = 0
    }
  }
  if (filled > 0 && salvage(block.subarray(0, filled)) > 0) salvaged = true
  // Sections and keys that earlier rows have left may go with later ones.
  const gone = letGo === undefined ? [] : index.takeLetGo(letGo)
  return {
    wholeBytes: position - filled,
    wholeCrc,
    torn: filled > 0,
    damaged,
    salvaged,
    gone,
  }
}

const tooNew = (): VsrError =>
  new VsrError('library_too_new', 'A newer version of VSR wrote this recording.', {
    hint: 'Update VSR to open it; nothing of it was changed.',
  })
