import { isAudioCodec } from '../hls/choose/select-variant'
import type { RecordingStore, TrackStore } from '../store/model'
import type { PlaylistQuery } from './playlist-query'
import type { RequestedSpan } from './pick-recording'

/** A track with what a playlist shows of it. */
export type ShownTrack = Pick<TrackStore, 'info' | 'index'>

/** What kind of playlist is asked for. */
interface Asked {
  readonly query: Pick<PlaylistQuery, 'dvr' | 'lateNumber' | 'trackId'>
  readonly span?: RequestedSpan
}

export const isRunning = (recording: RecordingStore): boolean =>
  recording.meta.state === 'recording'

/** Of a few segments at the live edge only. */
export const isLiveEdge = ({ query, span }: Asked): boolean => span === undefined && !query.dvr

/** The playlist will list more later on. */
export const isGrowing = (recording: RecordingStore, { span }: Asked): boolean =>
  isRunning(recording) && span?.toMs === undefined

/**
 * A player may keep what it asks for, and come back for what is new. What it was told once must not change (RFC 8216
 * 6.2.1), so it is sent to playlists of its own, which leave out what comes late from now on.
 */
export const needsPin = (recording: RecordingStore, asked: Asked): boolean =>
  isGrowing(recording, asked) &&
  !isLiveEdge(asked) &&
  asked.query.trackId === undefined &&
  asked.query.lateNumber === undefined

/** Number of the last segment that came late, over all tracks. */
export const lastLateNumber = (tracks: readonly TrackStore[]): number =>
  Math.max(0, ...tracks.map(({ index }) => index.lateNumber))

/**
 * What a playlist shows: all that there is where it is told once; else only those of the late segments that were there when
 * the player began, and at the live edge none, since what it lists may have been told as a gap.
 */
export function shownTracks(
  recording: RecordingStore,
  tracks: readonly TrackStore[],
  asked: Asked,
): readonly ShownTrack[] {
  const { lateNumber } = asked.query
  const isTold = isLiveEdge(asked) || isGrowing(recording, asked)
  const upTo = isLiveEdge(asked) ? 0 : (lateNumber ?? (isTold ? 0 : undefined))
  return tracks.map((track) => ({
    info: track.info,
    index: upTo === undefined ? track.index : track.indexAsOf(upTo),
  }))
}

/** All but the sounds that are tracks beside a picture; where there is no picture, all. */
export function withoutSound(tracks: readonly ShownTrack[]): readonly ShownTrack[] {
  if (!tracks.some(({ info }) => info.kind === 'video')) return tracks
  return tracks
    .filter(({ info }) => info.kind !== 'audio')
    .map(({ info, index }) => ({ info: { ...info, codecs: codecsWithoutSound(info) }, index }))
}

/** The source declares a picture together with the sound that goes with it. */
function codecsWithoutSound({ codecs, innerAudio }: ShownTrack['info']): string {
  if (innerAudio !== undefined) return codecs
  return codecs
    .split(',')
    .filter((codec) => !isAudioCodec(codec))
    .join(',')
}
