import { isDeepStrictEqual } from 'node:util'
import type { SpanRow } from '../../store/model'

/** The spans that are known, and what a listing changes about them. */
export interface SpanDraft {
  get(id: string): SpanRow | undefined
  /** Known and new ones. */
  all(): readonly SpanRow[]
  put(row: SpanRow): void
  /** What differs from what was known. */
  changed(): readonly SpanRow[]
}

export function createSpanDraft(known: ReadonlyMap<string, SpanRow>): SpanDraft {
  const changes = new Map<string, SpanRow>()
  const get = (id: string) => changes.get(id) ?? known.get(id)
  return {
    get,
    all: () => [
      ...[...known.values()].map((row) => changes.get(row.id) ?? row),
      ...[...changes.values()].filter((row) => !known.has(row.id)),
    ],
    put(row) {
      if (isDeepStrictEqual(known.get(row.id), row)) changes.delete(row.id)
      else changes.set(row.id, row)
    },
    changed: () => [...changes.values()],
  }
}
