import { VsrError } from '../../src-preload/contract/errors'
import type { Library, RecordingStore } from '../store/model'

/** A span of wall-clock time, unix ms; without an end it goes up to the live edge. */
export interface RequestedSpan {
  readonly fromMs: number
  readonly toMs?: number
}

/**
 * The recording that a request means: the one it names, else the first of current and newest that has
 * footage in the span, else the current, else the newest. Throws VsrError `recording_not_found`.
 */
export function pickRecording(options: {
  readonly library: Library
  readonly currentId: string | undefined
  readonly id: string | undefined
  readonly span?: RequestedSpan
}): RecordingStore {
  const { library, currentId, id, span } = options
  if (id !== undefined) {
    const named = library.get(id)
    if (named !== undefined) return named
    throw new VsrError('recording_not_found', 'There is no recording with this id.')
  }
  const current = currentId === undefined ? undefined : library.get(currentId)
  const candidates = [...(current === undefined ? [] : [current]), ...library.list()]
  const covering = span && candidates.find((recording) => overlaps(recording, span))
  const picked = covering ?? candidates[0]
  if (picked !== undefined) return picked
  throw new VsrError('recording_not_found', 'Nothing has been recorded yet.')
}

function overlaps({ figures }: RecordingStore, span: RequestedSpan): boolean {
  if (figures.startMs === undefined || figures.endMs === undefined) return false
  return figures.endMs > span.fromMs && figures.startMs < (span.toMs ?? Infinity)
}
