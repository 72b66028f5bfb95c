import type {
  AudioChoice,
  LowestQuality,
  Quality,
  SubtitlesChoice,
} from '../../../src-preload/contract/model'
import type {
  Definitions,
  MultivariantPlaylist,
  Playlist,
  Rendition,
  VariantStream,
} from '../../hls/playlist'
import {
  selectAudio,
  selectClosedCaptions,
  selectSubtitles,
} from '../../hls/choose/select-renditions'
import { selectVariant } from '../../hls/choose/select-variant'
import type { ClosedCaptions, TrackInfo } from '../../store/model'
import { assignTrackIds, type NamelessTrack } from './track-ids'

/** What the person wants of a source. */
export interface StreamChoice {
  readonly quality: Quality
  /** What the quality may go down to while the download cannot keep up. */
  readonly lowest: LowestQuality
  readonly audio: AudioChoice
  readonly subtitles: SubtitlesChoice
}

/** The media playlist of one track. */
export interface SourceStream {
  readonly playlistUrl: string
  /** Variables that the media playlist may import from the multivariant playlist; absent where there is none. */
  readonly definitions?: Definitions
  /** EXT-X-START of the multivariant playlist. */
  readonly startOffsetSec?: number
  readonly info: TrackInfo
}

/** The variant stream has this id always: recordings differ in their renditions only. */
const MAIN_ID = 'v0'
/** Names and languages of the source that are kept; longer ones are cut. */
const LONGEST_LABEL = 200

/**
 * The streams to record: one per track, the variant stream first. A media playlist is its own only stream.
 *
 * @param options.known tracks that the recording has already: a rendition keeps its id.
 */
export function streamsOf(options: {
  playlist: Playlist
  url: string
  choice: Omit<StreamChoice, 'lowest'>
  known: readonly TrackInfo[]
}): readonly SourceStream[] {
  const { playlist, url, choice, known } = options
  if (playlist.kind === 'media') {
    const info = { id: MAIN_ID, kind: 'video' as const, codecs: '', bandwidth: 0 }
    return [{ playlistUrl: url, info }]
  }
  const variant = selectVariant(playlist, choice.quality)
  const audio = selectAudio(playlist, variant, choice.audio)
  const renditions = [...audio.separate, ...selectSubtitles(playlist, variant, choice.subtitles)]
  const { definitions = [], startOffsetSec } = playlist
  const shared = {
    definitions,
    ...(startOffsetSec === undefined ? {} : { startOffsetSec }),
  }
  const beside = known.filter(({ id }) => id !== MAIN_ID)
  const infos = assignTrackIds(renditions.map(describeRendition), beside)
  return [
    { playlistUrl: variant.uri, ...shared, info: describeVariant(playlist, variant, audio) },
    ...renditions.flatMap(({ uri }, at) => {
      const info = infos[at]
      return uri === undefined || info === undefined ? [] : [{ playlistUrl: uri, ...shared, info }]
    }),
  ]
}

const hasVideo = (codecs: string) =>
  codecs === '' || /\b(avc|hvc|hev|av01|vp0|vp8|vp9|dvh)/i.test(codecs)

function describeVariant(
  playlist: MultivariantPlaylist,
  variant: VariantStream,
  audio: ReturnType<typeof selectAudio>,
): TrackInfo {
  const { codecs, bandwidth, resolution } = variant
  const isVideo = resolution !== undefined || hasVideo(codecs)
  const captions = selectClosedCaptions(playlist, variant)
  // Alone, the sound inside needs no name.
  const inside = audio.separate.length === 0 ? undefined : audio.inside
  return {
    id: MAIN_ID,
    kind: isVideo ? 'video' : 'audio',
    codecs,
    bandwidth,
    ...(resolution === undefined ? {} : { resolution }),
    ...(inside === undefined ? {} : { innerAudio: labelOf(inside) }),
    ...(captions === undefined ? {} : { closedCaptions: captions.flatMap(describeCaptions) }),
  }
}

function describeRendition(rendition: Rendition): NamelessTrack {
  const { type, isDefault, forced, channels } = rendition
  return {
    kind: type === 'SUBTITLES' ? 'subtitles' : 'audio',
    codecs: '',
    bandwidth: 0,
    ...labelOf(rendition),
    ...(channels === undefined ? {} : { channels: channels.slice(0, LONGEST_LABEL) }),
    ...(isDefault ? { isDefault } : {}),
    ...(forced === true ? { forced } : {}),
  }
}

function describeCaptions(rendition: Rendition): ClosedCaptions[] {
  const { instreamId, isDefault } = rendition
  return instreamId === undefined
    ? []
    : [{ instreamId: instreamId.slice(0, LONGEST_LABEL), ...labelOf(rendition), isDefault }]
}

const labelOf = ({ name, language }: Rendition) => ({
  name: name.slice(0, LONGEST_LABEL),
  ...(language === undefined ? {} : { language: language.slice(0, LONGEST_LABEL) }),
})
