import { VsrError } from '../../../src-preload/contract/errors'
import type { MediaExtension } from '../../store/model'
import type { TrackClocks } from '../../media/track-clocks'

/** Follows the framing of one format through the bytes of a body. */
export interface FramingWalker {
  readonly extension: MediaExtension
  /** @throws VsrError `not_media` where the framing is lost. */
  push(chunk: Uint8Array): void
  /** @throws VsrError `truncated` when the bytes end inside a unit. */
  finish(): void
  /** How long the media seen so far are, in seconds; undefined where the format is not asked for it, or does not tell. */
  mediaSec?(clocks?: TrackClocks): number | undefined
}

const HINT = 'VSR tries again by itself.'

/** The body ended too early. `what` completes the sentence. */
export function truncatedError(what: string): VsrError {
  const sentence = `The source closed the connection too early: ${what}.`
  return new VsrError('truncated', sentence, { hint: HINT })
}

/** The framing was lost. `format` names what the bytes began as. */
export function brokenFramingError(format: string): VsrError {
  return new VsrError('not_media', `The segment is not a proper ${format}.`, { hint: HINT })
}
