import { multivariantPlaylist, safeCodecs } from '../hls/write-playlist'
import type { TrackStore } from '../store/model'

const AUDIO_GROUP = 'audio'
const SUBTITLES_GROUP = 'subtitles'
/** Declared where neither the source nor the stored bytes tell a bit rate. */
const UNKNOWN_BANDWIDTH = 1_000_000

/**
 * The multivariant playlist over a recording's tracks. Video tracks are variant streams with the audio and
 * subtitle tracks as their renditions; without video the first audio track is the variant stream.
 */
export function renderTrackList(
  tracks: readonly TrackStore[],
  uriOf: (trackId: string) => string,
): string {
  const videos = tracks.filter((track) => track.info.kind === 'video')
  const audios = tracks.filter((track) => track.info.kind === 'audio')
  const subtitles = tracks.filter((track) => track.info.kind === 'subtitles')
  const main = videos.length > 0 ? videos : audios.slice(0, 1)
  const audioRenditions = videos.length > 0 || audios.length > 1 ? audios : []
  return multivariantPlaylist({
    variants: main.map((track) => ({
      uri: uriOf(track.info.id),
      bandwidth: bandwidthOf(track),
      codecs: [
        ...new Set(
          [track, ...(videos.length > 0 ? audioRenditions.slice(0, 1) : [])].flatMap(({ info }) =>
            safeCodecs(info.codecs),
          ),
        ),
      ].join(','),
      ...(track.info.resolution === undefined ? {} : { resolution: track.info.resolution }),
      ...(audioRenditions.length === 0 ? {} : { audioGroup: AUDIO_GROUP }),
      ...(subtitles.length === 0 ? {} : { subtitlesGroup: SUBTITLES_GROUP }),
    })),
    renditions: [
      ...audioRenditions.map((track, at) => rendition('AUDIO', AUDIO_GROUP, track, at === 0)),
      ...subtitles.map((track) => rendition('SUBTITLES', SUBTITLES_GROUP, track, false)),
    ],
  })

  function rendition(
    type: 'AUDIO' | 'SUBTITLES',
    groupId: string,
    { info }: TrackStore,
    isDefault: boolean,
  ) {
    return {
      type,
      groupId,
      name: info.id,
      ...(info.language === undefined ? {} : { language: info.language }),
      isDefault,
      uri: uriOf(info.id),
    }
  }
}

function bandwidthOf(track: TrackStore): number {
  if (track.info.bandwidth > 0) return track.info.bandwidth
  const { bytes, durationSec } = track.index.figures
  return durationSec > 0 ? (bytes * 8) / durationSec : UNKNOWN_BANDWIDTH
}
