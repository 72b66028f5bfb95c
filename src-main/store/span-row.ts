import { z } from 'zod'
import { spanKindSchema } from '../../src-preload/contract/model'
import type { SpanRow } from './model'
import { openLine, sealLine } from './sealed-line'
import { LAST_MS, UINT32_MAX } from './segment-row'

/** Version of the span lines that this build writes. A file with a higher one is refused, never rewritten. */
const SPAN_VERSION = 1
/** Longest text of a span, in UTF-16 units. */
const MOST_SPAN_TEXT = 100

const instantMs = z.number().int().min(0).max(LAST_MS)
const text = z.string().max(MOST_SPAN_TEXT)

const lineSchema = z.tuple([
  z.literal(SPAN_VERSION),
  z.string().regex(/^[a-z0-9-]{1,64}$/),
  spanKindSchema,
  text,
  z.number().int().min(0).max(UINT32_MAX),
  instantMs,
  instantMs.nullable(),
  instantMs.nullable(),
  text.nullable(),
])

/** One line of the file, newline included. */
export function encodeSpan(span: SpanRow): string {
  const line: z.infer<typeof lineSchema> = [
    SPAN_VERSION,
    span.id,
    span.kind,
    span.label,
    span.epoch,
    span.startMs,
    span.endMs ?? null,
    span.plannedEndMs ?? null,
    span.endsOnNextOf ?? null,
  ]
  return sealLine(line)
}

/** Reads one line without its newline. */
export function decodeSpan(line: string): SpanRow | 'damaged' | 'too-new' {
  const values = openLine(line)
  if (values === undefined) return 'damaged'
  if (typeof values[0] === 'number' && values[0] > SPAN_VERSION) return 'too-new'
  const read = lineSchema.safeParse(values)
  if (!read.success) return 'damaged'
  const [, id, kind, label, epoch, startMs, endMs, plannedEndMs, endsOnNextOf] = read.data
  return {
    id,
    kind,
    label,
    epoch,
    startMs,
    ...(endMs === null ? {} : { endMs }),
    ...(plannedEndMs === null ? {} : { plannedEndMs }),
    ...(endsOnNextOf === null ? {} : { endsOnNextOf }),
  }
}
