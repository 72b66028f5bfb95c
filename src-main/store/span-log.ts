import { isDeepStrictEqual } from 'node:util'
import { VsrError } from '../../src-preload/contract/errors'
import type { Logger } from '../ports/logger'
import { createBatcher } from './batcher'
import type { FilePort } from './file-port'
import { openLineFile } from './line-file'
import type { SpanRow, SpanStore } from './model'
import { decodeSpan, encodeSpan } from './span-row'
import { withStoreErrors } from './store-error'

export const SPANS_NAME = 'spans.ndjson'
/** Kept per recording; the oldest make room. */
const MOST_SPANS = 10_000
/** Beyond it the file is written anew, without lines that later ones have replaced. */
const MOST_LINES = 2 * MOST_SPANS
const LONGEST_LINE = 2048
/** A file that is larger is none of VSR's own. */
export const SPANS_BOUND_BYTES = MOST_LINES * LONGEST_LINE
const BATCH = 64

interface SpanLog extends SpanStore {
  /** Waits for rows under way. Never rejects. */
  idle(): Promise<void>
}

/**
 * Opens the spans of a recording: one sealed line for each new state of a span (see `openLineFile`). Damaged lines are
 * passed over.
 * Throws VsrError `library_too_new`, `library_unwritable`.
 */
export async function openSpanLog(options: {
  readonly files: FilePort
  readonly path: string
  readonly logger: Logger
  /** Called after rows are durable. */
  readonly onPut: () => void
}): Promise<SpanLog> {
  const { path, logger, onPut } = options
  const bounds = { mostLines: MOST_LINES, longestLine: LONGEST_LINE }
  const file = await withStoreErrors(path, () => openLineFile({ ...options, ...bounds }))
  const spans = readSpans(file.lines, (damaged) =>
    logger.warn({ path, damaged }, 'damaged lines among the spans were passed over'),
  )

  const write = async (rows: readonly SpanRow[]): Promise<void> => {
    if (!(await file.append(rows.map(encodeSpan)))) {
      const next = new Map(spans)
      for (const row of rows) add(next, row)
      await file.rewrite([...next.values()].map(encodeSpan))
    }
    for (const row of rows) add(spans, row)
  }
  const batcher = createBatcher<readonly SpanRow[], void>({
    limit: BATCH,
    async run(batches) {
      const rows = batches.flat().filter((row) => !isDeepStrictEqual(spans.get(row.id), row))
      if (rows.length > 0) {
        await withStoreErrors(path, () => write(rows))
        onPut()
      }
      return batches.map(() => ({ status: 'fulfilled', value: undefined }))
    },
  })
  return {
    list: () => [...spans.values()],
    put: (rows) => batcher.add(rows),
    idle: batcher.idle,
  }
}

function add(spans: Map<string, SpanRow>, row: SpanRow): void {
  spans.set(row.id, row)
  const [oldest] = spans.keys()
  if (spans.size > MOST_SPANS && oldest !== undefined) spans.delete(oldest)
}

/** The last row of each id, in the order of the first. */
function readSpans(lines: readonly string[], onDamage: (lines: number) => void) {
  const spans = new Map<string, SpanRow>()
  let damaged = 0
  for (const line of lines) {
    const row = decodeSpan(line)
    if (row === 'too-new') throw tooNew()
    if (row === 'damaged') damaged += 1
    else add(spans, row)
  }
  if (damaged > 0) onDamage(damaged)
  return spans
}

const tooNew = (): VsrError =>
  new VsrError('library_too_new', 'A newer version of VSR wrote the spans of this recording.', {
    hint: 'Update VSR to see them; nothing of it was changed.',
  })
