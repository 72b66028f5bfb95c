/** Status line and headers of an answer. */
export interface ResponseHead {
  readonly status: number
  /** By its name in lower case; repeated ones joined (RFC 9110 5.3); null where there is none. */
  header(name: string): string | null
  /** The server is ready for another request behind this one (RFC 9112 9.3). */
  readonly keepsAlive: boolean
}

/** A server that does not keep to HTTP/1.1. */
export class MalformedAnswerError extends Error {
  readonly code = 'VSR_MALFORMED_ANSWER'
}

const STATUS_LINE = /^HTTP\/1\.([01]) ([1-5]\d\d)(?: |$)/
const FIELD_LINE = /^([!#$%&'*+\-.^_`|~\w]+):[ \t]*(.*?)[ \t]*$/

function readFields(lines: readonly string[]): ReadonlyMap<string, string> {
  const fields = new Map<string, string>()
  for (const line of lines) {
    const [, name, value] = FIELD_LINE.exec(line) ?? []
    if (name === undefined || value === undefined) throw new MalformedAnswerError('a bad header')
    const key = name.toLowerCase()
    const before = fields.get(key)
    fields.set(key, before === undefined ? value : `${before}, ${value}`)
  }
  return fields
}

/**
 * @param text the head without the empty line at its end, lines ended by CR LF.
 * @throws MalformedAnswerError
 */
export function parseResponseHead(text: string): ResponseHead {
  const [first = '', ...lines] = text.split('\r\n')
  const [, minor, status] = STATUS_LINE.exec(first) ?? []
  if (status === undefined) throw new MalformedAnswerError('no HTTP/1.1 status line')
  const fields = readFields(lines)
  const connection = fields.get('connection')?.toLowerCase() ?? ''
  return {
    status: Number(status),
    header: (name) => fields.get(name) ?? null,
    keepsAlive: minor === '1' ? !connection.includes('close') : connection.includes('keep-alive'),
  }
}
