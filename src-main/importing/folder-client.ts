import { createReadStream } from 'node:fs'
import { realpath, stat } from 'node:fs/promises'
import path from 'node:path'
import { type BodySink, type HttpClient, HttpError, type HttpRequest } from '../fetch/http'
import { loadPolicy } from '../fetch/load-policy'
import { redactUrl } from '../fetch/redact-url'
import { FOLDER_URL, partsBelowFolder } from './folder-path'

const READ_BYTES = 512 * 1024

/** A stretch of a file, as a request asks for it. */
interface Piece {
  readonly file: string
  readonly start: number
  readonly length: number
}

/**
 * Answers requests for `FOLDER_URL` with the files of one folder, and refuses all others: nothing goes to the network, and nothing
 * outside the folder is read (SECURITY S06, S11, S12). A listing that was saved while it grew is answered as one that has ended.
 * @param root the folder's real path.
 */
export function createFolderClient(root: string): HttpClient {
  const bytes: HttpClient['bytes'] = async (request) => {
    const body = await readPiece(await locate(root, request), request.signal)
    return { status: 200, url: request.url, contentType: '', body }
  }
  return {
    bytes,
    async text(request) {
      const { body, ...response } = await bytes(request)
      return { ...response, text: asEnded(new TextDecoder().decode(body)) }
    },
    stream: async (request, sink) => await pour(await locate(root, request), request.signal, sink),
    close: () => undefined,
  }
}

/** Nothing more will be listed: nobody writes to what is imported. */
const asEnded = (text: string): string =>
  /^#EXTINF:/m.test(text) && !/^#EXT-X-ENDLIST/m.test(text)
    ? `${text.trimEnd()}\n#EXT-X-ENDLIST\n`
    : text

/** What a person is shown of an address: short, on one line, without secrets. */
function shown(url: string): string {
  const text = url.startsWith(FOLDER_URL) ? url.slice(FOLDER_URL.length) : redactUrl(url)
  return text.replace('http://folder.invalid', '').slice(0, 120)
}

const outside = (url: string): HttpError =>
  new HttpError('address_refused', `The playlist points outside of its folder: “${shown(url)}”.`, {
    hint: 'Only files in the folder of the playlist are read. Put all of them into one folder, or record the address instead.',
  })

const missing = (url: string, cause?: unknown): HttpError =>
  new HttpError('segment_not_found', `“${shown(url)}” is not in the folder.`, { cause })

/** @throws HttpError `address_refused` for what is not in the folder, links that lead out of it included; `segment_not_found`. */
export async function fileInFolder(
  root: string,
  url: string,
): Promise<{ readonly file: string; readonly bytes: number; readonly modifiedMs: number }> {
  const parts = partsBelowFolder(url)
  if (parts === undefined) throw outside(url)
  const file = await realpath(path.join(root, ...parts)).catch((cause: unknown) => {
    throw missing(url, cause)
  })
  if (!file.startsWith(root.endsWith(path.sep) ? root : root + path.sep)) throw outside(url)
  const found = await stat(file).catch((cause: unknown) => {
    throw missing(url, cause)
  })
  // Reading from anything else, such as a pipe, might never end.
  if (!found.isFile()) throw missing(url)
  return { file, bytes: found.size, modifiedMs: found.mtimeMs }
}

async function locate(root: string, { url, byteRange, kind }: HttpRequest): Promise<Piece> {
  const { file, bytes } = await fileInFolder(root, url)
  const start = byteRange?.offset ?? 0
  const length = byteRange?.length ?? bytes
  const { capBytes } = loadPolicy[kind]
  if (length > capBytes) {
    const megabytes = Math.round(capBytes / 1e6)
    throw new HttpError('too_large', `“${shown(url)}” is larger than ${megabytes} MB.`)
  }
  // A code that is not tried again: the file does not grow.
  if (start + length > bytes) throw missing(url)
  return { file, start, length }
}

async function readPiece(piece: Piece, signal: AbortSignal): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  const collect = (chunk: Uint8Array) => void chunks.push(chunk)
  const sink = { write: (chunk: Uint8Array) => collect(chunk) as undefined, end: () => undefined }
  await pour(piece, signal, sink)
  return Buffer.concat(chunks)
}

async function pour<T>(piece: Piece, signal: AbortSignal, sink: BodySink<T>): Promise<T> {
  const { file, start, length } = piece
  signal.throwIfAborted()
  if (length > 0) {
    const end = start + length - 1
    const stream = createReadStream(file, { start, end, highWaterMark: READ_BYTES, signal })
    // Without an encoding, Node's streams yield Buffers.
    for await (const chunk of stream as AsyncIterable<Uint8Array>) await sink.write(chunk)
  }
  return await sink.end()
}
