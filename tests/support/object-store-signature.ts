import { createHash, createHmac } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

export const TEST_KEYS = {
  accessKeyId: 'AKIAVSRTESTEXAMPLE01',
  secretAccessKey: 'canary/secret+of+the+test+store+0001',
}

const MOST_SKEW_MS = 15 * 60_000
const hex = (data: string | Uint8Array) => createHash('sha256').update(data).digest('hex')
const hmac = (key: string | Uint8Array, text: string) =>
  createHmac('sha256', key).update(text).digest()

/**
 * What is wrong with the signature of a request (AWS Signature Version 4), as the code of the answer; undefined = nothing. Written from
 * the specification, not with the SDK that signed.
 */
export function signatureProblem(options: {
  readonly request: Pick<IncomingMessage, 'method' | 'url' | 'headers'>
  readonly body: Uint8Array
  /** Of the store. */
  readonly nowMs: number
}): string | undefined {
  const { request, body, nowMs } = options
  const { headers, method = '', url = '/' } = request
  const [, accessKeyId, day, region, signedNames = '', signature] =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/.exec(
      headers.authorization ?? '',
    ) ?? []
  if (day === undefined || region === undefined) return 'AccessDenied'
  if (accessKeyId !== TEST_KEYS.accessKeyId) return 'InvalidAccessKeyId'
  const amzDate = String(headers['x-amz-date'])
  const sentMs = Date.parse(
    amzDate.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'),
  )
  if (!(Math.abs(sentMs - nowMs) <= MOST_SKEW_MS)) return 'RequestTimeTooSkewed'

  const { pathname, searchParams } = new URL(url, 'http://store')
  const query = [...searchParams]
    .map(([name, value]) => `${encodeRfc3986(name)}=${encodeRfc3986(value)}`)
    .toSorted()
    .join('&')
  const names = signedNames.split(';')
  const signedHeaders = names.map((name) => `${name}:${String(headers[name]).trim()}\n`).join('')
  const payload = String(headers['x-amz-content-sha256'])
  const canonical = [method, pathname, query, signedHeaders, signedNames, payload].join('\n')
  const scope = `${day}/${region}/s3/aws4_request`
  const toSign = ['AWS4-HMAC-SHA256', amzDate, scope, hex(canonical)].join('\n')
  const key = ['s3', 'aws4_request'].reduce(
    (last, word) => hmac(last, word),
    hmac(hmac(`AWS4${TEST_KEYS.secretAccessKey}`, day), region),
  )
  if (!names.includes('host') || hmac(key, toSign).toString('hex') !== signature) {
    return 'SignatureDoesNotMatch'
  }
  return payload === hex(body) ? undefined : 'XAmzContentSHA256Mismatch'
}

const encodeRfc3986 = (text: string) =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  )
