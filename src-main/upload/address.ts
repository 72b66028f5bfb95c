import { VsrError } from '../../src-preload/contract/errors'

/** A folder in an object store. */
export interface UploadFolder {
  readonly bucket: string
  /** Without slashes at its ends; empty = the bucket itself. */
  readonly prefix: string
}

const BUCKET = /^[A-Za-z0-9][A-Za-z0-9._-]{1,61}[A-Za-z0-9]$/
const MOST_KEY_BYTES = 1024

/** Reads `s3://bucket/folder`. Throws VsrError `bad_request`. */
export function parseUploadFolder(text: string): UploadFolder {
  const [, bucket = '', path = ''] = /^s3:\/\/([^/?#]*)(?:\/(.*))?$/s.exec(text.trim()) ?? []
  const prefix = path.replace(/\/$/, '')
  if (!BUCKET.test(bucket) || !isPlainPath(prefix)) {
    throw new VsrError('bad_request', 'This is not a place in an object store.', {
      hint: 'Write s3://bucket or s3://bucket/folder.',
    })
  }
  return { bucket, prefix }
}

/** No empty names, none that lead up, nothing that breaks a line. */
function isPlainPath(path: string): boolean {
  if (path === '') return true
  // oxlint-disable-next-line no-control-regex -- they are what is refused
  if (/[\u0000-\u001f\u007f]/.test(path) || Buffer.byteLength(path) > MOST_KEY_BYTES / 2)
    return false
  return path.split('/').every((name) => name !== '' && name !== '.' && name !== '..')
}

/** What a file of that folder is called in its bucket. */
export const keyOf = ({ prefix }: UploadFolder, fileName: string): string =>
  prefix === '' ? fileName : `${prefix}/${fileName}`

/** `s3://bucket/folder/file`, for people. */
export const addressOf = ({ bucket }: UploadFolder, key: string): string => `s3://${bucket}/${key}`

/** Reads the address of an object store that is not Amazon's. Throws VsrError `bad_request`. */
export function parseEndpoint(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const isPlain =
    url !== undefined && `${url.username}${url.password}${url.search}${url.hash}` === ''
  if (!isPlain || !/^https?:$/.test(url.protocol)) {
    throw new VsrError('bad_request', 'This is not the address of an object store.', {
      hint: 'Write https://host or https://host:port; keys do not belong into it.',
    })
  }
  return url
}
