import { Readable } from 'node:stream'
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import type { Clock } from '../ports/clock'
import type { LivePartsReader } from '../ports/live-parts'
import type { Library } from '../store/model'
import { createBlockCache } from './block-cache'
import { findStored, unknownSegment } from './find-stored'
import { mediaTypeOf, PLAYLIST_TYPE } from './media-type'
import { readPlaylistQuery } from './playlist-query'
import { livePartOf } from './live-part'
import { type PartName, parsePartName } from './part-name'
import { sendStoredFile } from './send-file'
import { createPlaylistServer, type PlaylistRequest } from './serve-playlist'
import { parseSpanLength, parseTimestamp } from './span-time'

/** About three weeks of rendered playlist lines. */
const CACHE_BYTES = 32 * 1024 * 1024
/** A part is of use for as long as its segment is new. */
const PART_CACHE = 'private, max-age=60'
/** Playlists up to this size are sent in one write. */
const ONE_WRITE_BYTES = 256 * 1024
/** From `/start/{timestamp}/{duration}/vod.m3u8` to the segments beside `/live/stream.m3u8`. */
const FROM_SPAN_TO_SEGMENTS = '../../../live/'

interface PathParams {
  readonly id?: string
  readonly timestamp?: string
  readonly duration?: string
  readonly segment?: string
}

/** The local HLS server's routes: playlists over the whole library, and the stored files by name. */
export function createPlaybackRoutes(options: {
  readonly library: Library
  readonly clock: Clock
  /** The recording that `/live/stream.m3u8` means; undefined = the newest. */
  readonly currentRecordingId: () => string | undefined
  /** What is at hand of segments in progress; absent = nothing ever. */
  readonly liveParts?: LivePartsReader
}): FastifyPluginAsync {
  const { library } = options
  const playlists = createPlaylistServer({
    ...options,
    cache: createBlockCache({ limitBytes: CACHE_BYTES }),
  })

  async function live(request: FastifyRequest, reply: FastifyReply) {
    return sendPlaylist(request, reply, { prefix: '', fileName: 'stream.m3u8' })
  }

  async function span(request: FastifyRequest, reply: FastifyReply) {
    const { timestamp = '', duration = '' } = paramsOf(request)
    const fromMs = parseTimestamp(timestamp)
    const lengthSec = parseSpanLength(duration)
    return sendPlaylist(request, reply, {
      prefix: FROM_SPAN_TO_SEGMENTS,
      fileName: 'vod.m3u8',
      span: lengthSec === 'now' ? { fromMs } : { fromMs, toMs: fromMs + lengthSec * 1000 },
    })
  }

  async function sendPlaylist(
    request: FastifyRequest,
    reply: FastifyReply,
    wanted: Pick<PlaylistRequest, 'prefix' | 'fileName' | 'span'>,
  ) {
    const left = new AbortController()
    reply.raw.once('close', () => left.abort())
    const parts = await playlists.render({
      ...wanted,
      recordingId: paramsOf(request).id,
      query: readPlaylistQuery(request.query),
      signal: left.signal,
    })
    const bytes = parts.reduce((sum, part) => sum + part.byteLength, 0)
    void reply
      .header('content-type', PLAYLIST_TYPE)
      .header('cache-control', 'no-cache')
      .header('content-length', bytes)
    if (request.method === 'HEAD') return reply.send(null)
    return reply.send(bytes <= ONE_WRITE_BYTES ? Buffer.concat(parts) : Readable.from(parts))
  }

  async function segment(request: FastifyRequest, reply: FastifyReply) {
    const { id, segment: text = '' } = paramsOf(request)
    const partName = parsePartName(text)
    if (partName !== undefined) return part(partName, request, reply)
    const stored = await findStored({ library, name: text, recordingId: id })
    if (stored.kind === 'file') {
      const { row, recordingId } = stored
      if (row.kind === 'segment') library.inUse.watched(recordingId, row.startMs)
      return sendStoredFile({ ...stored, request, reply })
    }
    return reply.header('content-type', mediaTypeOf('vtt')).send(stored.text)
  }

  async function part(name: PartName, request: FastifyRequest, reply: FastifyReply) {
    const { id = name.recordingId } = paramsOf(request)
    const left = new AbortController()
    reply.raw.once('close', () => left.abort())
    const body =
      id === name.recordingId
        ? await livePartOf({ ...options, name, signal: left.signal })
        : undefined
    if (body === undefined) throw unknownSegment()
    return reply
      .header('content-type', mediaTypeOf(name.extension))
      .header('cache-control', PART_CACHE)
      .send(body)
  }

  return async (app) => {
    for (const base of ['', '/recordings/:id']) {
      const method = ['GET', 'HEAD']
      app.route({ method, url: `${base}/live/stream.m3u8`, handler: live })
      app.route({ method, url: `${base}/start/:timestamp/:duration/vod.m3u8`, handler: span })
      app.route({ method, url: `${base}/live/:segment`, handler: segment })
    }
  }
}

/** The router fills exactly the names that stand in the route's URL. */
function paramsOf(request: FastifyRequest): PathParams {
  return request.params as PathParams
}
