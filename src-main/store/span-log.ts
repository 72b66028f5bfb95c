import { dirname } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { VsrError } from '../../src-preload/contract/errors'
import type { Logger } from '../ports/logger'
import { createBatcher } from './batcher'
import { readIfThere, writeDurably } from './durable-files'
import type { FilePort } from './file-port'
import type { SpanRow, SpanStore } from './model'
import { decodeSpan, encodeSpan } from './span-row'
import { errnoOf, withStoreErrors } from './store-error'

export const SPANS_NAME = 'spans.ndjson'
/** Kept per recording; the oldest make room. */
const MOST_SPANS = 10_000
/** Beyond it the file is written anew, without lines that later ones have replaced. */
const MOST_LINES = 2 * MOST_SPANS
/** Longer than the file can become: it is none of ours. */
const MOST_BYTES = MOST_LINES * 2048
const BATCH = 64

interface SpanLog extends SpanStore {
  /** Waits for rows under way. Never rejects. */
  idle(): Promise<void>
}

/** What the file holds: the last row of each id, in the order of the first. */
interface SpanFile {
  readonly spans: Map<string, SpanRow>
  /** Up to and including its last whole line. */
  bytes: number
  lines: number
}

/**
 * Opens the spans of a recording: an append-only file, one line with a CRC for each new state of a span. It is
 * made with the first span, opened only while it is written, and kept small. A torn end is
 * cut off by the next append; damaged lines are passed over.
 * Throws VsrError `library_too_new`, `library_unwritable`.
 */
export async function openSpanLog(options: {
  readonly files: FilePort
  readonly path: string
  readonly logger: Logger
  /** Called after rows are durable. */
  readonly onPut: () => void
}): Promise<SpanLog> {
  const { files, path, logger, onPut } = options
  const state = await withStoreErrors(path, () => readFile({ files, path, logger }))

  const rewrite = async (spans: ReadonlyMap<string, SpanRow>): Promise<void> => {
    const data = Buffer.from([...spans.values()].map(encodeSpan).join(''))
    await writeDurably({ files, path, data })
    state.bytes = data.length
    state.lines = spans.size
  }
  const write = async (rows: readonly SpanRow[]): Promise<void> => {
    const data = Buffer.from(rows.map(encodeSpan).join(''))
    const isAppended =
      state.lines + rows.length <= MOST_LINES &&
      (await append({ files, path, data, atBytes: state.bytes }))
    const next = isAppended ? state.spans : new Map(state.spans)
    if (isAppended) {
      state.bytes += data.length
      state.lines += rows.length
    }
    for (const row of rows) add(next, row)
    if (isAppended) return
    await rewrite(next)
    for (const row of rows) add(state.spans, row)
  }
  const batcher = createBatcher<readonly SpanRow[], void>({
    limit: BATCH,
    async run(batches) {
      const rows = batches.flat().filter((row) => !isDeepStrictEqual(state.spans.get(row.id), row))
      if (rows.length > 0) {
        await withStoreErrors(path, () => write(rows))
        onPut()
      }
      return batches.map(() => ({ status: 'fulfilled', value: undefined }))
    },
  })
  return {
    list: () => [...state.spans.values()],
    put: (rows) => batcher.add(rows),
    idle: batcher.idle,
  }
}

function add(spans: Map<string, SpanRow>, row: SpanRow): void {
  spans.set(row.id, row)
  const [oldest] = spans.keys()
  if (spans.size > MOST_SPANS && oldest !== undefined) spans.delete(oldest)
}

async function readFile(options: {
  readonly files: FilePort
  readonly path: string
  readonly logger: Logger
}): Promise<SpanFile> {
  const { files, path, logger } = options
  const state: SpanFile = { spans: new Map(), bytes: 0, lines: 0 }
  if (await isTooLarge(files, path)) {
    logger.warn({ path }, 'the file of spans is larger than VSR writes it and is passed over')
    return { ...state, lines: MOST_LINES }
  }
  const data = Buffer.from((await readIfThere(files, path)) ?? [])
  state.bytes = data.lastIndexOf('\n') + 1
  let damaged = 0
  for (const line of data.subarray(0, state.bytes).toString().split('\n').slice(0, -1)) {
    const row = decodeSpan(line)
    if (row === 'too-new') throw tooNew()
    state.lines += 1
    if (row === 'damaged') damaged += 1
    else add(state.spans, row)
  }
  if (damaged > 0) logger.warn({ path, damaged }, 'damaged lines among the spans were passed over')
  return state
}

async function isTooLarge(files: FilePort, path: string): Promise<boolean> {
  try {
    return (await files.stat(path)).bytes > MOST_BYTES
  } catch (cause) {
    if (errnoOf(cause) === 'ENOENT') return false
    throw cause
  }
}

/** @returns false where the file is not the one that was read: it is shorter. */
async function append(options: {
  readonly files: FilePort
  readonly path: string
  readonly data: Uint8Array
  readonly atBytes: number
}): Promise<boolean> {
  const { files, path, data, atBytes } = options
  const file = await files.open(path, 'append')
  try {
    const size = await file.size()
    if (size < atBytes) return false
    // A torn line, or what a failed append left behind.
    if (size > atBytes) await file.truncate(atBytes)
    if (size === 0) await files.syncFolder(dirname(path))
    await file.write(data)
    return true
  } finally {
    await file.close()
  }
}

const tooNew = (): VsrError =>
  new VsrError('library_too_new', 'A newer version of VSR wrote the spans of this recording.', {
    hint: 'Update VSR to see them; nothing of it was changed.',
  })
