import type { Quality } from '../../src-preload/contract/model'
import type { Playlist } from '../hls/playlist'
import { selectStreams } from '../hls/select-variant'
import type { TrackInfo } from '../store/model'

/** The media playlist of one track. */
export interface SourceStream {
  readonly playlistUrl: string
  readonly info: TrackInfo
}

const hasVideo = (codecs: string) =>
  codecs === '' || /\b(avc|hvc|hev|av01|vp0|vp8|vp9|dvh)/i.test(codecs)

/** The streams to record: one per track. A media playlist is its own only stream. */
export function streamsOf(
  playlist: Playlist,
  url: string,
  quality: Quality,
): readonly SourceStream[] {
  if (playlist.kind === 'media') {
    return [{ playlistUrl: url, info: { id: 'v0', kind: 'video', codecs: '', bandwidth: 0 } }]
  }
  const { variant, audio } = selectStreams(playlist, quality)
  const isVideo = variant.resolution !== undefined || hasVideo(variant.codecs)
  const main: SourceStream = {
    playlistUrl: variant.uri,
    info: {
      id: 'v0',
      kind: isVideo ? 'video' : 'audio',
      codecs: variant.codecs,
      bandwidth: variant.bandwidth,
      ...(variant.resolution === undefined ? {} : { resolution: variant.resolution }),
    },
  }
  if (audio?.uri === undefined || audio.uri === variant.uri) return [main]
  const { language, name } = audio
  const info = { id: 'a0', kind: 'audio' as const, codecs: '', bandwidth: 0, name }
  return [
    main,
    { playlistUrl: audio.uri, info: { ...info, ...(language === undefined ? {} : { language }) } },
  ]
}
