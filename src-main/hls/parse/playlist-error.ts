import { VsrError } from '../../../src-preload/contract/errors'

/** A playlist that breaks the rules. `what` completes the sentence "The playlist cannot be read: …". */
export function unreadable(what: string, cause?: unknown): VsrError {
  const message = `The playlist cannot be read: ${what}.`
  return cause === undefined
    ? new VsrError('playlist_unreadable', message)
    : new VsrError('playlist_unreadable', message, { cause })
}
