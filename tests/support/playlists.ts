import type { MediaPlaylist, MediaSegment } from '../../src-main/hls/playlist'
import type { StreamInUse } from '../../src-main/recorder/source/track-candidates'

/** A media playlist as the parser gives it: `count` segments of `durationSec` from `first` on. */
export function mediaPlaylist(options: {
  first: number
  count: number
  durationSec?: number
  /** Program date-time of media sequence number 0. */
  zeroMs?: number
  /** Names differ between encoder runs. */
  run?: string
  host?: string
  endList?: boolean
  playlistType?: 'EVENT' | 'VOD'
  patch?: (segment: MediaSegment) => Partial<MediaSegment>
}): MediaPlaylist {
  const { first, count, durationSec = 2, zeroMs, run = 'a', host = 'http://edge1', patch } = options
  const segments = Array.from({ length: count }, (_, at): MediaSegment => {
    const mediaSequence = first + at
    const segment: MediaSegment = {
      uri: `${host}/${run}-${mediaSequence}.ts`,
      mediaSequence,
      discontinuitySequence: 0,
      durationSec,
      discontinuity: false,
      gap: false,
      ...(zeroMs === undefined
        ? {}
        : { programDateTimeMs: zeroMs + mediaSequence * durationSec * 1000 }),
    }
    return { ...segment, ...patch?.(segment) }
  })
  return {
    kind: 'media',
    targetDurationSec: Math.max(1, Math.round(durationSec)),
    mediaSequence: first,
    discontinuitySequence: 0,
    endList: options.endList ?? false,
    segments,
    ...(options.playlistType === undefined ? {} : { playlistType: options.playlistType }),
  }
}

/** The same listing with the first `parts` parts of the segment that comes next. */
export function withParts(
  playlist: MediaPlaylist,
  options: { parts: number; partSec?: number },
): MediaPlaylist {
  const { parts, partSec = 0.5 } = options
  const last = playlist.segments.at(-1)
  const mediaSequence = (last?.mediaSequence ?? -1) + 1
  return {
    ...playlist,
    partTargetSec: partSec,
    parts: Array.from({ length: parts }, (_, partIndex) => ({
      uri: `http://edge1/a-${mediaSequence}.${partIndex}.ts`,
      mediaSequence,
      partIndex,
      durationSec: partSec,
      independent: partIndex === 0,
      gap: false,
    })),
  }
}

/** The only place that a track comes from. */
export const onlyStream: StreamInUse = {
  playlistUrl: 'http://edge1/live.m3u8',
  info: { id: 'v0', kind: 'video', codecs: '', bandwidth: 0 },
  pathwayId: '',
  variantId: '',
}
