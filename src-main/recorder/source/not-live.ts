import { VsrError } from '../../../src-preload/contract/errors'

/** The source is not there yet. `cause` is what its address answered. */
export function notLiveYet(cause: VsrError): VsrError {
  return new VsrError('not_live', 'The stream has not started yet.', {
    hint: `VSR asks again by itself and begins as soon as it has. The last answer: ${cause.message}`,
    cause,
  })
}

/** The source has ended and may start again. */
export function notLiveAnyMore(cause?: VsrError): VsrError {
  return new VsrError('not_live', 'The stream has ended.', {
    hint: 'VSR waits for it to start again and goes on in this recording. Stop ends the wait.',
    cause,
  })
}
