import { HttpError } from './http'
import { ADDRESS_REFUSED } from './guarded-lookup'
import { redactUrl } from './redact-url'

const unknownName: ReadonlySet<string> = new Set([
  'ENOTFOUND',
  'EAI_AGAIN',
  'EAI_NODATA',
  'EAI_NONAME',
])
const certificate =
  /^(?:CERT_|ERR_TLS_CERT|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT|UNABLE_TO_(?:GET|VERIFY))/

/** The code of a system error, also where node-fetch has wrapped it. */
function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return ''
  return 'code' in error && typeof error.code === 'string' ? error.code : ''
}

/** The refusal to connect to an address of this machine or its network. */
export function addressRefused(url: URL, cause?: unknown): HttpError {
  return new HttpError(
    'address_refused',
    `${url.hostname} is on this machine or the local network, where the stream must not send VSR.`,
    {
      hint: 'Only an address on the local network that you typed yourself may lead there.',
      ...(cause === undefined ? {} : { cause }),
    },
  )
}

/** Why there was no answer: the sentence for an error of name look-up, connection or TLS. */
export function transportError(cause: unknown, url: URL): HttpError {
  const code = codeOf(cause)
  const host = url.hostname
  if (code === ADDRESS_REFUSED) return addressRefused(url, cause)
  if (unknownName.has(code)) {
    return new HttpError('dns_failure', `The address ${host} could not be found.`, {
      cause,
      hint: 'Check the spelling and the internet connection.',
    })
  }
  if (code === 'ETIMEDOUT') return timeoutError(url.href, 'did not answer in time', cause)
  if (certificate.test(code)) {
    return new HttpError(
      'connection_failed',
      `The secure connection to ${host} is not trustworthy: its certificate was refused.`,
      { cause },
    )
  }
  return new HttpError('connection_failed', `The connection to ${host} failed.`, {
    cause,
    hint: 'The server may be down, or the internet connection interrupted.',
  })
}

/** `what` completes "The server … : address". */
export function timeoutError(url: string, what: string, cause?: unknown): HttpError {
  return new HttpError(
    'source_timeout',
    `The server ${what}: ${redactUrl(url)}`,
    cause === undefined ? {} : { cause },
  )
}
