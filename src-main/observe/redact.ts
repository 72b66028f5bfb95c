import { VsrError } from '../../src-preload/contract/errors'

const SECRET_KEY = /token|secret|password|passwd|cookie|authorization|api-?key|access-?key/i
const REDACTED = '[redacted]'
const MOST_DEPTH = 6

/** Text without the user names, passwords and queries of the URLs in it, and without bearer tokens (SECURITY S35). */
export function redactText(text: string): string {
  return text
    .replace(/\b([a-z][a-z0-9+.-]*:\/\/)[^\s/?#"'<>@]*@/gi, '$1')
    .replace(/(\b[a-z][a-z0-9+.-]*:\/\/[^\s?#"'<>]*)[?#][^\s"'<>]*/gi, `$1?${REDACTED}`)
    .replace(/([?&](?:token|sig|signature|key|auth)=)[^&\s"'<>]+/gi, `$1${REDACTED}`)
    .replace(/\b(Bearer|Basic) +[A-Za-z0-9._~+/=-]+/gi, `$1 ${REDACTED}`)
    .replace(/\b(AWS4-HMAC-SHA256)\s+Credential=[^\r\n"'<>]*/gi, `$1 ${REDACTED}`)
}

/**
 * A copy of log fields in which nothing secret is left: by key, and by what strings look like. Expected
 * failures and what caused them come without stack traces: only bugs have a place in the code.
 */
export function redactFields(value: unknown, depth = 0, expected = false): unknown {
  if (typeof value === 'string') return redactText(value)
  if (typeof value === 'bigint') return String(value)
  if (typeof value !== 'object' || value === null) return value
  if (depth >= MOST_DEPTH) return '[deeper]'
  if (value instanceof Error) return redactError(value, depth, expected)
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`
  if (Array.isArray(value)) return value.map((item) => redactFields(item, depth + 1))
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      SECRET_KEY.test(key) ? REDACTED : redactFields(item, depth + 1),
    ]),
  )
}

function redactError(error: Error, depth: number, causedExpected: boolean): object {
  const expected = causedExpected || error instanceof VsrError
  const own = Object.fromEntries(Object.entries(error).filter(([key]) => key !== 'cause'))
  return {
    ...(redactFields(own, depth + 1) as object),
    type: error.name,
    message: redactText(error.message),
    ...(expected ? {} : { stack: redactText(error.stack ?? '') }),
    ...(error.cause === undefined ? {} : { cause: redactFields(error.cause, depth + 1, expected) }),
  }
}
