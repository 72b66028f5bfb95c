import { HttpError } from './http'
import { redactUrl } from './redact-url'
import { readRetryAfterSec } from './retry-after'

interface Answer {
  readonly status: number
  readonly url: string
  /** The Retry-After header. */
  readonly retryAfter: string | null
  readonly nowMs: number
}

/** The failure that an answer outside 2xx means. */
export function statusError({ status, url, retryAfter, nowMs }: Answer): HttpError {
  const address = redactUrl(url)
  switch (status) {
    case 401:
    case 403:
      return new HttpError(
        'source_forbidden',
        `The server refuses access to ${address} (${status}).`,
        {
          status,
          hint: 'The address may have expired, or it needs a sign-in: copy a fresh one from the page.',
        },
      )
    case 404:
      return new HttpError('source_not_found', `There is nothing at ${address} (404).`, {
        status,
        hint: 'Check the address; the stream may not have started yet.',
      })
    case 410:
      return new HttpError('source_gone', `What was at ${address} has been removed (410).`, {
        status,
        hint: 'The address may have expired: copy a fresh one from the page.',
      })
    default: {
      const retryAfterSec = readRetryAfterSec(retryAfter, nowMs)
      const what =
        status === 429
          ? 'asks to come back later (429)'
          : `answered with error ${status} instead of the content`
      return new HttpError('source_http_error', `The server ${what} for ${address}.`, {
        status,
        ...(retryAfterSec === undefined
          ? {}
          : { retryAfterSec, hint: `VSR does as it asks and tries again in ${retryAfterSec} s.` }),
      })
    }
  }
}
