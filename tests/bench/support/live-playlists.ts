import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { SegmentCorpus } from './segment-corpus'

const WINDOW = 6
const SEGMENT_MS = 4000

export interface LivePlaylists {
  /** Path of a stream's playlist below the served folder. */
  pathOf(stream: number): string
  /** Wall clock at which this media sequence number was listed, unix ms. */
  listedAtMs(stream: number, mediaSequence: number): number | undefined
  stop(): void
}

/**
 * Live playlists of many streams as files that move on by themselves, each at its own moment within a segment's
 * duration. All list the same media, from another place each.
 *
 * @param options.dir served folder; the playlists go to `live/`.
 * @param options.segmentsUrl where the segments of the corpus lie.
 */
export function startLivePlaylists(options: {
  readonly corpus: SegmentCorpus
  readonly dir: string
  readonly segmentsUrl: string
  readonly streams: number
}): LivePlaylists {
  const { corpus, segmentsUrl, streams } = options
  const folder = path.join(options.dir, 'live')
  mkdirSync(folder, { recursive: true })
  const listed = Array.from({ length: streams }, () => new Map<number, number>())
  const firstOf = (stream: number) => (stream * 37) % Math.floor(corpus.segments.length / 2)

  const write = (stream: number, last: number): void => {
    const nowMs = Date.now()
    const lines = [
      '#EXTM3U',
      '#EXT-X-VERSION:3',
      '#EXT-X-TARGETDURATION:4',
      `#EXT-X-MEDIA-SEQUENCE:${last - WINDOW + 1}`,
    ]
    for (let number = last - WINDOW + 1; number <= last; number += 1) {
      const segment = corpus.segments[number % corpus.segments.length]
      if (segment === undefined) throw new Error('the corpus has no segments')
      const startMs = nowMs - (last - number + 1) * SEGMENT_MS
      lines.push(
        `#EXT-X-PROGRAM-DATE-TIME:${new Date(startMs).toISOString()}`,
        `#EXTINF:${segment.durationSec},`,
        `${segmentsUrl}${segment.name}?stream=${stream}`,
      )
    }
    const file = path.join(folder, `${stream}.m3u8`)
    writeFileSync(`${file}.new`, `${lines.join('\n')}\n`)
    renameSync(`${file}.new`, file)
    listed[stream]?.set(last, nowMs)
  }

  const nextNumber = Array.from({ length: streams }, (_, stream) => firstOf(stream) + WINDOW)
  const advance = (stream: number): void => {
    const number = nextNumber[stream] ?? 0
    write(stream, number)
    nextNumber[stream] = number + 1
  }
  const timers = nextNumber.map((_, stream) => {
    advance(stream)
    const phaseMs = Math.round((stream / streams) * SEGMENT_MS)
    return setTimeout(() => {
      timers[stream] = setInterval(() => advance(stream), SEGMENT_MS)
      advance(stream)
    }, phaseMs)
  })

  return {
    pathOf: (stream) => `live/${stream}.m3u8`,
    listedAtMs: (stream, mediaSequence) => listed[stream]?.get(mediaSequence),
    stop: () => {
      for (const timer of timers) clearTimeout(timer)
    },
  }
}
