import type { FastifyReply, FastifyRequest } from 'fastify'
import { VsrError } from '../../src-preload/contract/errors'
import type { FileRow } from '../store/model'
import { decideRange } from './byte-range'
import { extensionOf, mediaTypeOf } from './media-type'
import { missingFile, openStored } from './open-stored'

/** Fewer, larger reads: half the CPU of the default 64 kB. */
const READ_BYTES = 512 * 1024
const FOR_EVER = 'private, max-age=31536000, immutable'

/**
 * Answers with a stored file, whole or one range of it. It never changes, so that every cache may keep
 * it, except for keys, which are written down nowhere else. Throws VsrError `segment_not_found` where the file is gone or is not the one that was stored.
 */
export async function sendStoredFile(options: {
  readonly path: string
  readonly row: FileRow
  readonly request: FastifyRequest
  readonly reply: FastifyReply
}): Promise<FastifyReply> {
  const { path, row, request, reply } = options
  const etag = `"${row.checksum.toString(16)}-${row.bytes.toString(16)}"`
  void reply
    .header('etag', etag)
    .header('cache-control', row.kind === 'key' ? 'no-store' : FOR_EVER)
    .header('accept-ranges', 'bytes')
    .header('content-type', mediaTypeOf(extensionOf(row)))
  if (namesTag(request.headers['if-none-match'], etag)) return reply.code(304).send()

  const rangeCounts = [undefined, etag].includes(request.headers['if-range'] as string | undefined)
  const range = decideRange(rangeCounts ? request.headers.range : undefined, row.bytes)
  if (range === 'unsatisfiable') {
    void reply.header('content-range', `bytes */${row.bytes}`).removeHeader('etag')
    void reply.header('cache-control', 'no-store')
    throw new VsrError('range_not_satisfiable', 'The requested range lies outside the segment.')
  }
  const file = await openStored(path)
  try {
    const stat = await file.stat()
    if (!stat.isFile() || stat.size !== row.bytes)
      throw missingFile(new Error(`${stat.size} bytes`))
    const { first, last } = range === 'whole' ? { first: 0, last: row.bytes - 1 } : range
    if (range !== 'whole') {
      void reply.code(206).header('content-range', `bytes ${first}-${last}/${row.bytes}`)
    }
    void reply.header('content-length', last - first + 1)
    if (request.method === 'HEAD' || last < first) {
      await file.close()
      return await reply.send(null)
    }
    return await reply.send(
      file.createReadStream({ start: first, end: last, highWaterMark: READ_BYTES }),
    )
  } catch (error) {
    await file.close()
    throw error
  }
}

/** If-None-Match (RFC 9110 13.1.2): a list of tags, weak comparison. */
function namesTag(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false
  return header.split(',').some((tag) => ['*', etag, `W/${etag}`].includes(tag.trim()))
}
