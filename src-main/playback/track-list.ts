import {
  isInstreamId,
  multivariantPlaylist,
  type RenditionEntry,
  safeCodecs,
} from '../hls/write/write-playlist'
import type { TrackInfo } from '../store/model'
import type { ShownTrack } from './shown-tracks'
import { trackLabels } from './track-label'

const AUDIO_GROUP = 'audio'
const SUBTITLES_GROUP = 'subtitles'
const CAPTIONS_GROUP = 'captions'
/** Declared where neither the source nor the stored bytes tell a bit rate. */
const UNKNOWN_BANDWIDTH = 1_000_000

type UriOf = (trackId: string) => string

/** A recording of one track needs no list, but where a player could not know of the captions inside it. */
export function needsTrackList(tracks: readonly ShownTrack[]): boolean {
  return tracks.length > 1 || tracks.some(({ info }) => captionsOf(info).length > 0)
}

/**
 * The multivariant playlist over a recording's tracks. Video tracks are variant streams with the audio and
 * subtitle tracks as their renditions; without video the first audio track is the variant stream.
 */
export function renderTrackList(tracks: readonly ShownTrack[], uriOf: UriOf): string {
  const ofKind = (kind: TrackInfo['kind']) => tracks.filter((track) => track.info.kind === kind)
  const [videos, audios, subtitles] = [ofKind('video'), ofKind('audio'), ofKind('subtitles')]
  const main = videos.length > 0 ? videos : audios.slice(0, 1)
  const separate = videos.length > 0 || audios.length > 1 ? audios : []
  const audio = audioEntries(separate, main[0]?.info, uriOf)
  const defaultSound = separate[audio.defaultAt]
  const [firstMain] = main
  return multivariantPlaylist({
    variants: main.map((track) => ({
      uri: uriOf(track.info.id),
      bandwidth: bandwidthOf(track),
      codecs: codecsOf(track, defaultSound),
      ...(track.info.resolution === undefined ? {} : { resolution: track.info.resolution }),
      ...(separate.length === 0 ? {} : { audioGroup: AUDIO_GROUP }),
      ...(subtitles.length === 0 ? {} : { subtitlesGroup: SUBTITLES_GROUP }),
      ...captionsGroupOf(track.info),
    })),
    renditions: [
      ...audio.entries,
      ...subtitleEntries(subtitles, uriOf),
      ...(firstMain === undefined ? [] : captionEntries(firstMain.info)),
    ],
  })
}

/** Audio renditions, and which of the tracks is the default one; -1 where that is the sound inside the picture. */
function audioEntries(
  tracks: readonly ShownTrack[],
  main: TrackInfo | undefined,
  uriOf: UriOf,
): { entries: readonly RenditionEntry[]; defaultAt: number } {
  const declaredAt = tracks.findIndex(({ info }) => info.isDefault === true)
  const inner = tracks.length === 0 ? undefined : main?.innerAudio
  const defaultAt = declaredAt >= 0 ? declaredAt : inner === undefined ? 0 : -1
  const infos = tracks.map(({ info }) => info)
  const innerInfo = inner === undefined ? [] : [{ id: main?.id ?? '', ...inner }]
  const labels = trackLabels([...infos, ...innerInfo])
  const entries = infos.map(
    (info, at): RenditionEntry => ({
      ...labelled(info, labels[at], AUDIO_GROUP, at === defaultAt),
      type: 'AUDIO',
      uri: uriOf(info.id),
      ...(info.channels === undefined ? {} : { channels: info.channels }),
    }),
  )
  const inside = innerInfo.map(
    (info): RenditionEntry => ({
      ...labelled(info, labels.at(-1), AUDIO_GROUP, defaultAt === -1),
      type: 'AUDIO',
    }),
  )
  return { entries: [...inside, ...entries], defaultAt }
}

function subtitleEntries(tracks: readonly ShownTrack[], uriOf: UriOf): readonly RenditionEntry[] {
  const labels = trackLabels(tracks.map(({ info }) => info))
  const defaultAt = tracks.findIndex(({ info }) => info.isDefault === true)
  return tracks.map(({ info }, at) => ({
    ...labelled(info, labels[at], SUBTITLES_GROUP, at === defaultAt),
    type: 'SUBTITLES',
    uri: uriOf(info.id),
    ...(info.forced === true ? { forced: true } : {}),
  }))
}

const labelled = (
  info: Pick<TrackInfo, 'id' | 'language'>,
  label: string | undefined,
  groupId: string,
  isDefault: boolean,
) => ({
  groupId,
  name: label ?? info.id,
  ...(info.language === undefined ? {} : { language: info.language }),
  isDefault,
})

/** What a player has to decode when nobody chooses. */
function codecsOf(track: ShownTrack, sound: ShownTrack | undefined): string {
  const all = [track, ...(sound === undefined ? [] : [sound])]
  return [...new Set(all.flatMap(({ info }) => safeCodecs(info.codecs)))].join(',')
}

/** The declarations of captions that can be written. */
const captionsOf = ({ closedCaptions = [] }: TrackInfo) =>
  closedCaptions.filter(({ instreamId }) => isInstreamId(instreamId))

function captionEntries(info: TrackInfo): readonly RenditionEntry[] {
  const captions = captionsOf(info)
  const labels = trackLabels(captions.map((declared) => ({ id: declared.instreamId, ...declared })))
  return captions.map((declared, at) => ({
    ...declared,
    name: labels[at] ?? declared.instreamId,
    type: 'CLOSED-CAPTIONS',
    groupId: CAPTIONS_GROUP,
  }))
}

function captionsGroupOf(info: TrackInfo): { closedCaptionsGroup?: string } {
  if (info.closedCaptions?.length === 0) return { closedCaptionsGroup: 'none' }
  return captionsOf(info).length === 0 ? {} : { closedCaptionsGroup: CAPTIONS_GROUP }
}

function bandwidthOf(track: ShownTrack): number {
  if (track.info.bandwidth > 0) return track.info.bandwidth
  const { bytes, durationSec } = track.index.figures
  return durationSec > 0 ? (bytes * 8) / durationSec : UNKNOWN_BANDWIDTH
}
