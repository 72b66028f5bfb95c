import { dirname, join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { crc32 } from 'node:zlib'
import type { Piece } from './columns'
import { removeIfThere } from './durable-files'
import type { FilePort, OpenFile } from './file-port'
import { encodeHead, encodeTable, NEW_INDEX_FILE_NAME } from './index-file-format'
import type { LogRow } from './model'
import { encodeRow } from './segment-row'

/** Pieces checked before other work gets a turn: well under 5 ms. */
const PIECES_PER_TURN = 16
/** The disk is never handed more at once: rows wait behind it. */
const SYNC_BYTES = 4 << 20

/** How much of a log is acknowledged, and its CRC-32. */
export interface LogEnd {
  readonly bytes: number
  readonly crc: number
}

/**
 * Writes the index file of a log under another name first. What it says is taken in the call itself; rows that come meanwhile are not in it.
 * @returns false where it was over before the file had its name.
 */
export async function writeIndexFile(options: {
  readonly files: FilePort
  readonly path: string
  readonly pieces: readonly Piece[]
  /** Those that have no place in columns. */
  readonly others: readonly LogRow[]
  readonly end: LogEnd
  readonly isOver: () => boolean
}): Promise<boolean> {
  const { files, path, pieces, others, end, isOver } = options
  const lines = Buffer.from(others.map(encodeRow).join(''))
  const heads = []
  for (const [at, piece] of pieces.entries()) {
    if (at % PIECES_PER_TURN === PIECES_PER_TURN - 1) await nextTurn()
    heads.push({ ...piece, crc: crc32(new Uint8Array(piece.memory)) })
  }
  const table = encodeTable(heads)
  const head = { logBytes: end.bytes, logCrc: end.crc }
  const sizes = { tableBytes: table.length, linesBytes: lines.length }
  const unfinished = join(dirname(path), NEW_INDEX_FILE_NAME)
  await removeIfThere(files, unfinished)
  if (isOver()) return false
  const file = await files.open(unfinished, 'create')
  let isWhole = false
  try {
    const start = Buffer.concat([encodeHead({ ...head, ...sizes }), table, lines])
    const parts = [start, ...pieces.map(({ memory }) => new Uint8Array(memory))]
    isWhole = await writeParts(file, parts, isOver)
  } finally {
    await file.close()
    if (!isWhole) await removeIfThere(files, unfinished)
  }
  if (isWhole) await files.rename(unfinished, path)
  return isWhole
}

async function writeParts(
  file: OpenFile,
  parts: readonly Uint8Array[],
  isOver: () => boolean,
): Promise<boolean> {
  let unsynced = 0
  for (const part of parts) {
    if (isOver()) return false
    await file.write(part)
    unsynced += part.length
    if (unsynced < SYNC_BYTES) continue
    await file.sync()
    unsynced = 0
  }
  await file.sync()
  return true
}
