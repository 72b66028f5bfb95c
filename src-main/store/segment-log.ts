import { dirname, join } from 'node:path'
import { crc32 } from 'node:zlib'
import type { Logger } from '../ports/logger'
import { compactLog } from './compact-log'
import { removeIfThere, writeDurably } from './durable-files'
import type { FilePort, OpenFile } from './file-port'
import { INDEX_FILE_NAME } from './index-file-format'
import { createIndexKeeper } from './index-keeper'
import type { FileRow, LetGoRow, LogRow, Row, SegmentIndex } from './model'
import { readIndex } from './read-index'
import { follows } from './segment-index'
import { encodeRow } from './segment-row'
import { errnoOf, withStoreErrors } from './store-error'
import { createTrackIndex, type TrackIndex } from './track-index'

export const LOG_NAME = 'segments.ndjson'
export const DAMAGED_NAME = 'segments.damaged.ndjson'
const ENCODE_ROWS = 10_000

/** The append-only truth of one track. */
export interface SegmentLog {
  readonly rows: TrackIndex
  /** All rows at their places in time, at this moment. */
  readonly index: SegmentIndex
  /** Length of the file as far as it is acknowledged. */
  readonly bytes: number
  /** False after a failure that could not be undone: rows that were refused may still be in the file. */
  readonly sound: boolean
  /**
   * Resolves when the rows are durable: one write, one fsync. One call at a time. Rejects with VsrError `disk_full` or
   * `library_unwritable`; no row of the call is in the index then.
   */
  append(rows: readonly Row[]): Promise<void>
  /** Rows that were let go before it was opened, and whose files may still be there. */
  readonly gone: readonly FileRow[]
  /**
   * As `append`; then the rows below that one are gone, be it from the index only.
   * @returns those of them with files.
   */
  letGo(row: LetGoRow): Promise<readonly FileRow[]>
  /**
   * Writes it anew without the rows that were let go, whose files are gone. Nothing more may be let go meanwhile. Throws VsrError
   * `disk_full`, `library_unwritable`; it is as it was then.
   * @param alone runs work while nothing is appended.
   */
  compact(alone: (work: () => Promise<void>) => Promise<void>): Promise<void>
  /** Waits for an append under way. Idempotent. */
  close(): Promise<void>
}

interface Opening {
  readonly files: FilePort
  readonly path: string
  readonly logger: Logger
}

/**
 * Opens the log of one track and reads it into an index.
 *
 * `write`: creates what is missing, trims a torn tail, and moves damaged lines to
 * `segments.damaged.ndjson` beside it (F36). `read`: changes nothing; a log that is not there is empty.
 * Throws VsrError `library_too_new`, `library_unwritable`, `disk_full`.
 */
export function openSegmentLog(
  options: Opening & { readonly mode: 'write' | 'read' },
): Promise<SegmentLog> {
  return withStoreErrors(options.path, () =>
    options.mode === 'write' ? openForWriting(options) : openForReading(options),
  )
}

async function openForReading({ files, path }: Opening): Promise<SegmentLog> {
  const { rows, bytes, gone } = await readAll(files, path)
  const refuse = () => Promise.reject(new Error('this log is open for reading'))
  return {
    rows,
    index: rows.current,
    bytes,
    gone,
    sound: true,
    append: refuse,
    letGo: refuse,
    compact: refuse,
    close: () => Promise.resolve(),
  }
}

async function readAll(
  files: FilePort,
  path: string,
): Promise<Pick<SegmentLog, 'rows' | 'bytes' | 'gone'>> {
  let log: OpenFile
  try {
    log = await files.open(path, 'read')
  } catch (cause) {
    if (errnoOf(cause) === 'ENOENT') return { rows: createTrackIndex(), bytes: 0, gone: [] }
    throw cause
  }
  try {
    const { index, state } = await readIndex({ files, path, log })
    return { rows: index, bytes: state.wholeBytes, gone: state.gone }
  } finally {
    await log.close()
  }
}

async function openForWriting({ files, path, logger }: Opening): Promise<SegmentLog> {
  let file = await files.open(path, 'append')
  let index: TrackIndex
  let coveredBytes: number
  let bytes: number
  let crc: number
  let gone: readonly FileRow[]
  try {
    const size = await file.size()
    if (size === 0) await files.syncFolder(dirname(path))
    const read = await readIndex({ files, path, log: file })
    const { state } = read
    index = read.index
    coveredBytes = read.coveredBytes
    bytes = state.wholeBytes
    crc = state.wholeCrc
    gone = state.gone
    if (state.damaged.length > 0 || state.salvaged) {
      await file.close()
      if (state.damaged.length > 0) await keepDamaged({ files, path, lines: state.damaged })
      const data = await rewrite({ files, path, index })
      bytes = data.length
      crc = crc32(data)
      coveredBytes = 0
      file = await files.open(path, 'append')
      logger.warn({ path, damagedLines: state.damaged.length }, 'segment log repaired')
    } else if (state.torn) {
      await file.truncate(bytes)
      await file.sync()
      logger.info({ path, tornBytes: size - bytes }, 'torn end of the segment log trimmed')
    }
  } catch (cause) {
    await closeQuietly(file, logger)
    throw cause
  }

  const keeper = createIndexKeeper({ files, logPath: path, index, coveredBytes, logger })
  keeper.look({ bytes, crc })
  let sound = true
  /** False while a power cut may bring back the log that another has replaced. */
  let isNameDurable = true
  let closing: Promise<void> | undefined

  /** After a failed write or fsync the open file is not trusted again: a fresh one, cut to what was acknowledged. */
  const reopen = async (): Promise<void> => {
    await closeQuietly(file, logger)
    if (!isNameDurable) {
      await files.syncFolder(dirname(path))
      await files.syncFolder(dirname(dirname(path)))
      isNameDurable = true
    }
    file = await files.open(path, 'append')
    const size = await file.size()
    if (size < bytes) {
      throw Object.assign(new Error(`EIO: log shrank from ${bytes} to ${size}`), { code: 'EIO' })
    }
    if (size > bytes) await file.truncate(bytes)
    await file.sync()
    sound = true
  }
  const undo = async (): Promise<void> => {
    sound = false
    try {
      await reopen()
    } catch (cause) {
      logger.error(
        { path, err: cause },
        'the segment log could not be put back; next append retries',
      )
    }
  }
  const write = async <T>(rows: readonly LogRow[], apply: () => T): Promise<T> => {
    if (!sound) await reopen()
    const data = Buffer.from(rows.map(encodeRow).join(''))
    try {
      await file.write(data)
    } catch (cause) {
      await undo()
      throw cause
    }
    bytes += data.length
    crc = crc32(data, crc)
    const applied = apply()
    keeper.look({ bytes, crc })
    return applied
  }
  let writing: Promise<unknown> | undefined
  /** @param apply in the same turn as the log's length changes: the catalogue tells by it whether figures are true. */
  const writeAlone = async <T>(rows: readonly LogRow[], apply: () => T): Promise<T> => {
    if (closing !== undefined) throw new Error('this log is closed')
    if (writing !== undefined) throw new Error('another append is under way')
    const own = withStoreErrors(path, () => write(rows, apply))
    writing = own
    try {
      return await own
    } finally {
      writing = undefined
    }
  }
  const compact = async (alone: Parameters<SegmentLog['compact']>[0]): Promise<void> => {
    // What it stands for is about to go.
    await removeIfThere(files, join(dirname(path), INDEX_FILE_NAME))
    const compacted = await compactLog({ files, path, rows: index })
    try {
      await alone(async () => {
        if (closing !== undefined) throw new Error('this log is closed')
        if (!sound) await reopen()
        const end = await compacted.replace()
        bytes = end.bytes
        crc = end.crc
        index.forgetGoneRows()
        isNameDurable = false
        await undo()
      })
    } catch (cause) {
      await compacted.discard()
      throw cause
    }
    logger.info({ path, bytes }, 'segment log written anew without what was let go')
  }
  const close = async (): Promise<void> => {
    // Its caller is told where it fails.
    await Promise.allSettled([writing])
    await keeper.close()
    await closeQuietly(file, logger)
  }

  return {
    rows: index,
    get index() {
      return index.current
    },
    get bytes() {
      return bytes
    },
    get sound() {
      return sound
    },
    gone,
    async append(rows) {
      assertOrder(index, rows)
      await writeAlone(rows, () => {
        for (const row of rows) index.push(row)
      })
    },
    letGo: (row) => writeAlone([row], () => index.takeLetGo(row)),
    compact: (alone) => withStoreErrors(path, () => compact(alone)),
    close() {
      closing ??= close()
      return closing
    },
  }
}

/** Rows that do not follow each other are a bug of the caller, found before anything is written. */
function assertOrder(index: TrackIndex, rows: readonly Row[]): void {
  let previous: Row | undefined
  const lates = new Set<number>()
  for (const row of rows) {
    const isLate = row.kind === 'segment' && row.late !== undefined
    const isNext = isLate || previous === undefined ? index.accepts(row) : follows(row, previous)
    if (!isNext || lates.has(row.index)) {
      throw new RangeError(`row ${row.index} does not follow the row before it`)
    }
    if (isLate) lates.add(row.index)
    else previous = row
  }
}

/** Everything that matters was synced before: a failing close loses nothing, but it is worth a line. */
async function closeQuietly(file: OpenFile, logger: Logger): Promise<void> {
  try {
    await file.close()
  } catch (cause) {
    logger.warn({ err: cause }, 'closing a segment log failed')
  }
}

async function keepDamaged(options: {
  readonly files: FilePort
  readonly path: string
  readonly lines: readonly Uint8Array[]
}): Promise<void> {
  const { files, path, lines } = options
  const file = await files.open(join(dirname(path), DAMAGED_NAME), 'append')
  try {
    await file.write(Buffer.concat(lines.flatMap((line) => [line, Buffer.from('\n')])))
  } finally {
    await file.close()
  }
  await files.syncFolder(dirname(path))
}

/** The log anew, from the rows that were read. Returns what is in it now. */
async function rewrite(options: {
  readonly files: FilePort
  readonly path: string
  readonly index: TrackIndex
}): Promise<Buffer> {
  const { files, path, index } = options
  const { told, lates, letGo } = index
  const parts: Buffer[] = letGo === undefined ? [] : [Buffer.from(encodeRow(letGo))]
  for (let from = 0; from < told.length; from += ENCODE_ROWS) {
    let text = ''
    const to = Math.min(told.length, from + ENCODE_ROWS)
    for (let at = from; at < to; at += 1) text += encodeRow(told.rowAt(at))
    parts.push(Buffer.from(text))
  }
  parts.push(Buffer.from(lates.map(encodeRow).join('')))
  const data = Buffer.concat(parts)
  await writeDurably({ files, path, data })
  return data
}
