import { VsrError } from '../../../src-preload/contract/errors'
import type { Subject } from './candidates'
import { isFatal, isStorageError } from '../gap-cause'
import type { SourceAccess } from './source-access'
import type { StreamInUse } from './track-candidates'

/** SECURITY S13: an address that may not be connected to. Asking twice changes nothing. */
const isForbidden = (error: unknown): boolean =>
  error instanceof VsrError && error.code === 'address_refused'

/** True for failures that speak against the place that was asked: not the disk's, not the person's, not a bug. */
function blamesPlace(error: VsrError): boolean {
  if (isForbidden(error)) return true
  return (
    error.code !== 'cancelled' && !isFatal(error, { hasFootage: false }) && !isStorageError(error)
  )
}

/**
 * One attempt at a place, whose end is put down to that place.
 *
 * @param options.attempts the number of the attempt at this very thing there, from 1.
 * @returns undefined where it failed and another place is to be tried at once.
 */
export async function judgedAttempt<T>(
  options: {
    access: SourceAccess
    trackId: string
    pathwayId: string
    subject: Subject
    attempts: number
  },
  attempt: () => Promise<T>,
): Promise<{ readonly value: T } | undefined> {
  const { access, trackId, pathwayId, subject, attempts } = options
  try {
    const value = await attempt()
    access.succeeded(trackId, pathwayId, subject)
    return { value }
  } catch (error) {
    if (!(error instanceof VsrError) || !blamesPlace(error)) throw error
    const counted = isForbidden(error) ? Number.POSITIVE_INFINITY : attempts
    const cause = error.toApiError()
    if (!access.failed(trackId, { id: pathwayId, subject, attempts: counted, cause })) throw error
    return undefined
  }
}

/** Attempts at the playlist of the place in use, and at once at the next one where that was one failure too many. */
export async function withFailover<T>(
  options: { access: SourceAccess; trackId: string },
  attempt: (stream: StreamInUse) => Promise<T>,
): Promise<T> {
  const { access, trackId } = options
  for (;;) {
    const stream = await access.streamOf(trackId)
    const { pathwayId } = stream
    const judging = { access, trackId, pathwayId, subject: 'playlist' as const, attempts: 1 }
    const done = await judgedAttempt(judging, () => attempt(stream))
    if (done !== undefined) return done.value
  }
}
