import { createServer, type ServerResponse } from 'node:http'
import { PARTS_PER_SEGMENT, type PartedMedia } from './ll-media'

interface LowLatencyRequest {
  /** Last part of the path. */
  readonly name: string
  /** With its question mark; empty where there is none. */
  readonly query: string
  readonly kind: 'playlist' | 'segment' | 'part' | 'init'
  /** The answer had to wait. */
  readonly isHeld: boolean
}

/** A source of Low-Latency HLS that moves only when the test says so (rfc8216bis Appendix B). */
export interface LowLatencyOrigin {
  /** Of the media playlist. */
  readonly url: string
  /** Oldest first. */
  readonly requests: readonly LowLatencyRequest[]
  /** Requests that wait for something that does not exist yet. */
  readonly held: number
  /** Delta updates that were sent. */
  readonly deltas: number
  /** So many parts appear; the last one of a segment makes it whole. */
  addParts(count?: number): void
  /** So many segments become whole. */
  addSegments(count: number): void
  /** What the origin has at the number of a whole segment. */
  segment(mediaSequence: number): Uint8Array
  /** Answers requests with these words in their name or query with 503 from now on; undefined = none. */
  refuse(words: string | undefined): void
  /** EXT-X-ENDLIST. */
  end(): void
  /** Closes every connection. Idempotent. */
  stop(): Promise<void>
}

const TARGET_SEC = 1
const CAN_SKIP_UNTIL_SEC = 6
/** Parts are listed for the last three target durations (rfc8216bis 4.4.4.9). */
const SEGMENTS_WITH_PARTS = 3

/**
 * @param options.query of every URI in the playlist, `?` included: kept by a client exactly as it is.
 * @param options.deltas offers delta updates.
 * @param options.programDateTimeMs of the first segment.
 * @param options.breakAt the segment in front of which EXT-X-DISCONTINUITY stands.
 */
export async function startLowLatencyOrigin(options: {
  readonly media: PartedMedia
  readonly query?: string
  readonly deltas?: boolean
  readonly windowSize?: number
  readonly programDateTimeMs?: number
  readonly breakAt?: number
}): Promise<LowLatencyOrigin> {
  const { media, query = '', windowSize = 12 } = options
  const { segments, extension } = media
  const requests: LowLatencyRequest[] = []
  const waiting = new Set<() => void>()
  let partCount = 0
  let deltas = 0
  let refused: string | undefined
  let isEnded = false

  const wholeCount = () => Math.floor(partCount / PARTS_PER_SEGMENT)
  const hasPart = (segment: number, part: number) => segment * PARTS_PER_SEGMENT + part < partCount
  const partName = (segment: number, part: number) => `part-${segment}-${part}.${extension}`
  const bodyOf = (at: number) => Buffer.concat(segments[at]?.parts ?? [])
  const partSecOf = (at: number) => (segments[at]?.durationSec ?? 0) / PARTS_PER_SEGMENT

  const partLines = (at: number) =>
    Array.from({ length: PARTS_PER_SEGMENT }, (_, part) => part)
      .filter((part) => hasPart(at, part))
      .map(
        (part) =>
          `#EXT-X-PART:DURATION=${partSecOf(at).toFixed(5)},URI="${partName(at, part)}${query}"` +
          (part === 0 ? ',INDEPENDENT=YES' : ''),
      )
  const breakLines = (at: number) => (at === options.breakAt ? ['#EXT-X-DISCONTINUITY'] : [])
  const segmentLines = (at: number) => [
    ...breakLines(at),
    ...(options.programDateTimeMs === undefined
      ? []
      : [
          `#EXT-X-PROGRAM-DATE-TIME:${new Date(options.programDateTimeMs + at * 1000).toISOString()}`,
        ]),
    ...(at >= wholeCount() - SEGMENTS_WITH_PARTS ? partLines(at) : []),
    `#EXTINF:${segments[at]?.durationSec.toFixed(5)},`,
    `segment-${at}.${extension}${query}`,
  ]
  const playlist = (wantsDelta: boolean): string => {
    const whole = wholeCount()
    const first = Math.max(0, whole - windowSize)
    const skipped = wantsDelta ? Math.max(0, whole - CAN_SKIP_UNTIL_SEC / TARGET_SEC - first) : 0
    if (skipped > 0) deltas += 1
    const listed = Array.from({ length: whole - first - skipped }, (_, at) => first + skipped + at)
    const nextPart = partCount % PARTS_PER_SEGMENT
    const hint = `#EXT-X-PRELOAD-HINT:TYPE=PART,URI="${partName(whole, nextPart)}${query}"`
    return [
      '#EXTM3U',
      '#EXT-X-VERSION:9',
      `#EXT-X-TARGETDURATION:${TARGET_SEC}`,
      '#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=0.75' +
        (options.deltas === true ? `,CAN-SKIP-UNTIL=${CAN_SKIP_UNTIL_SEC}` : ''),
      `#EXT-X-PART-INF:PART-TARGET=${(TARGET_SEC / PARTS_PER_SEGMENT) * 1.25}`,
      `#EXT-X-MEDIA-SEQUENCE:${first}`,
      ...(skipped > 0 ? [`#EXT-X-SKIP:SKIPPED-SEGMENTS=${skipped}`] : []),
      ...(media.initSection === undefined || skipped > 0
        ? []
        : [`#EXT-X-MAP:URI="init.mp4${query}"`]),
      ...listed.flatMap(segmentLines),
      ...breakLines(whole),
      ...partLines(whole),
      ...(isEnded ? ['#EXT-X-ENDLIST'] : [hint]),
      '',
    ].join('\n')
  }

  /** What lies under a name, undefined while it does not exist yet. */
  const find = (name: string, asked: URLSearchParams): Uint8Array | undefined => {
    if (name === 'index.m3u8') {
      const isBlocking = asked.has('_HLS_msn') && !isEnded
      const msn = Number(asked.get('_HLS_msn'))
      const part = asked.get('_HLS_part')
      const isReached =
        wholeCount() > msn || (part !== null && wholeCount() === msn && hasPart(msn, Number(part)))
      if (isBlocking && !isReached) return undefined
      return Buffer.from(playlist(options.deltas === true && asked.get('_HLS_skip') === 'YES'))
    }
    if (name === 'init.mp4') return media.initSection
    const [, kind, segment = '', part = ''] = /^(segment|part)-(\d+)(?:-(\d+))?\./.exec(name) ?? []
    if (kind === 'segment')
      return Number(segment) < wholeCount() ? bodyOf(Number(segment)) : undefined
    return hasPart(Number(segment), Number(part))
      ? segments[Number(segment)]?.parts[Number(part)]
      : undefined
  }
  const moved = () => {
    for (const look of waiting) look()
  }
  const addParts = (count = 1) => {
    partCount += count
    if (partCount > segments.length * PARTS_PER_SEGMENT) throw new Error('the media are used up')
    moved()
  }
  const send = (response: ServerResponse, name: string, body: Uint8Array) => {
    response.writeHead(200, { 'content-type': contentTypeOf(name), 'content-length': body.length })
    response.end(body)
  }

  const server = createServer((request, response) => {
    const { pathname, search, searchParams } = new URL(request.url ?? '/', 'http://origin')
    const name = pathname.slice(pathname.lastIndexOf('/') + 1)
    const body = find(name, searchParams)
    requests.push({ name, query: search, kind: kindOf(name), isHeld: body === undefined })
    if (refused !== undefined && `${name}${search}`.includes(refused)) {
      response.writeHead(503).end()
      return
    }
    if (body !== undefined) {
      send(response, name, body)
      return
    }
    const look = () => {
      const now = find(name, searchParams)
      if (now === undefined) return
      waiting.delete(look)
      send(response, name, now)
    }
    waiting.add(look)
    response.once('close', () => waiting.delete(look))
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the origin has no port')

  return {
    url: `http://127.0.0.1:${address.port}/ll/index.m3u8`,
    requests,
    get held() {
      return waiting.size
    },
    get deltas() {
      return deltas
    },
    addParts,
    addSegments(count) {
      for (let done = 0; done < count; done += 1) {
        addParts(PARTS_PER_SEGMENT - (partCount % PARTS_PER_SEGMENT))
      }
    },
    segment: bodyOf,
    refuse(words) {
      refused = words
    },
    end() {
      isEnded = true
      moved()
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function kindOf(name: string): LowLatencyRequest['kind'] {
  if (name.endsWith('.m3u8')) return 'playlist'
  if (name.startsWith('init')) return 'init'
  return name.startsWith('part') ? 'part' : 'segment'
}

function contentTypeOf(name: string): string {
  if (name.endsWith('.m3u8')) return 'application/vnd.apple.mpegurl'
  return name.endsWith('.ts') ? 'video/mp2t' : 'video/mp4'
}
