import { VsrError } from '../../src-preload/contract/errors'
import type { Clock } from '../ports/clock'
import type { LivePartsReader } from '../ports/live-parts'
import { mainTrackOf } from '../store/main-track'
import type { Library, RecordingStore } from '../store/model'
import { hasReached } from './awaited'
import { isBesidePicture, isText } from './beside'
import type { BlockCache } from './block-cache'
import { erasOf, reachedBy } from './era'
import { renderMediaPlaylist } from './media-playlist'
import { holesOf, paceOf } from './pace'
import { pickRecording, type RequestedSpan } from './pick-recording'
import { type PlaylistQuery, segmentSuffix, trackQuery } from './playlist-query'
import {
  isGrowing,
  isLiveEdge,
  isRunning,
  lastLateNumber,
  needsPin,
  type ShownTrack,
  shownTracks,
  withoutSound,
} from './shown-tracks'
import { needsTrackList, renderTrackList } from './track-list'
import { waitForChange } from './wait-for-change'
import {
  firstSegmentOf,
  lastSegmentsWindow,
  nearestFootageMs,
  overlappingWindow,
  type Window,
  wholeWindow,
} from './window'

const LIVE_SEGMENTS = 5
/** A track that has nothing when so much of the main one is stored is not waited for any more. */
const LATE_TRACK_SEC = 60
/** How long a player that comes before the first segment is kept waiting. */
const FIRST_SEGMENT_LIMIT_MS = 5000
/** A blocking reload waits so many target durations at most, then it gets what there is (rfc8216bis 6.2.5.2). */
const RELOAD_LIMIT_TARGETS = 3

export interface PlaylistRequest {
  /** From the path; wins over the one in the query. */
  readonly recordingId: string | undefined
  readonly query: PlaylistQuery
  /** Absent for `/live/stream.m3u8`. */
  readonly span?: RequestedSpan
  /** From the playlist to the folder of its segments. */
  readonly prefix: string
  /** Last part of the playlist's own path. */
  readonly fileName: string
  /** Where the playlist of a track is to be had; absent = here, with a query. */
  readonly uriOfTrack?: (trackId: string) => string
  readonly signal: AbortSignal
}

export interface PlaylistServer {
  /** The playlist as parts to be sent in turn. Throws VsrError `recording_not_found`, `no_footage`, `not_found`. */
  render(request: PlaylistRequest): Promise<readonly Buffer[]>
}

/** Decides which playlist a request gets: of all tracks, of one, which stretch, growing or ended. */
export function createPlaylistServer(options: {
  readonly library: Library
  readonly clock: Clock
  readonly currentRecordingId: () => string | undefined
  readonly cache: BlockCache
  /** What is at hand of segments in progress; absent = nothing ever. */
  readonly liveParts?: LivePartsReader
}): PlaylistServer {
  const { library, clock, cache, liveParts } = options
  return {
    async render(request) {
      const { query, span } = request
      const recording = pickRecording({
        library,
        currentId: options.currentRecordingId(),
        id: request.recordingId ?? query.recordingId,
        ...(span === undefined ? {} : { span }),
      })
      if (isRunning(recording) && span === undefined) {
        await waitForChange({
          clock,
          subscribe: (wake) => subscribe(recording.id, wake),
          isThere: async () => {
            const stored = await recording.tracks()
            return hasFootage(recording, shownTracks(recording, stored, request), request)
          },
          limitMs: FIRST_SEGMENT_LIMIT_MS,
          signal: request.signal,
        })
      }
      const stored = await recording.tracks()
      const tracks = shownTracks(recording, stored, request)
      const served = tracksToServe(recording, tracks, request)
      const isPinned = needsPin(recording, request) && served.length > 0
      if (query.trackId === undefined && (isPinned || needsTrackList(served))) {
        const own = isPinned ? { ...query, lateNumber: lastLateNumber(stored) } : query
        const here = (id: string) => `${request.fileName}?${trackQuery(own, id, recording.id)}`
        const text = renderTrackList(served, request.uriOfTrack ?? here)
        return [Buffer.from(text)]
      }
      await awaitReload(recording, served[0]?.info.id, request)
      // Meanwhile its beginning may have been let go.
      const shown = shownTracks(recording, await recording.tracks(), request)
      const track = shown.find(({ info }) => info.id === served[0]?.info.id)
      const parts = await renderTrack(recording, shown, track, request)
      if (parts === undefined) throw noFootage(shown, span)
      // Who asks for a range comes for its segments next.
      const leftFromMs = recording.figures.startMs ?? 0
      if (span !== undefined) library.inUse.watched(recording.id, Math.max(span.fromMs, leftFromMs))
      return parts
    },
  }

  /** Has `wake` called when a row of a recording is stored, or a part is at hand. */
  function subscribe(recordingId: string, wake: () => void): () => void {
    const stops = [
      library.onCommit((commit) => {
        if (commit.recordingId === recordingId) wake()
      }),
      liveParts?.onChange((changedId) => {
        if (changedId === recordingId) wake()
      }),
    ]
    return () => {
      for (const stop of stops) stop?.()
    }
  }

  /** Waits until a player's blocking reload can be answered; at once where the recording does not grow, or none is offered. */
  async function awaitReload(
    recording: RecordingStore,
    trackId: string | undefined,
    request: PlaylistRequest,
  ): Promise<void> {
    const { awaited } = request.query
    if (awaited === undefined || trackId === undefined || request.span !== undefined) return
    const tracksNow = async () => shownTracks(recording, await recording.tracks(), request)
    const trackOf = (tracks: readonly ShownTrack[]) =>
      tracks.find(({ info }) => info.id === trackId)
    const longestSec = trackOf(await tracksNow())?.index.longestSec ?? 0
    await waitForChange({
      clock,
      subscribe: (wake) => subscribe(recording.id, wake),
      isThere: async () => {
        const live = liveParts?.get(recording.id, trackId)
        const tracks = await tracksNow()
        const track = trackOf(tracks)
        if (live === undefined || track === undefined || !isRunning(recording)) return true
        const window = windowOf(recording, tracks, track, request)
        return hasReached({ awaited, index: track.index, window, live })
      },
      limitMs: Math.max(1, longestSec) * RELOAD_LIMIT_TARGETS * 1000,
      signal: request.signal,
    })
  }

  async function renderTrack(
    recording: RecordingStore,
    tracks: readonly ShownTrack[],
    track: ShownTrack | undefined,
    request: PlaylistRequest,
  ) {
    if (track === undefined) return undefined
    const main = mainTrackOf(tracks) ?? track
    const grows = isGrowing(recording, request)
    const atEdge = isRunning(recording) && request.span === undefined
    return renderMediaPlaylist({
      index: track.index,
      window: windowOf(recording, tracks, track, request),
      eraOf: erasOf(track.index, main.index),
      ...(isText(track) ? { pace: paceOf(track.index, main.index) } : {}),
      ...(isBesidePicture(track, main) ? { holes: holesOf(track.index, main.index) } : {}),
      style: {
        recordingId: recording.id,
        trackId: track.info.id,
        prefix: request.prefix,
        suffix: segmentSuffix(request.query),
      },
      type: playlistTypeOf({ recording, tracks, request }),
      live: atEdge ? liveParts?.get(recording.id, track.info.id) : undefined,
      ended: !grows,
      cache,
      main: main.index,
    })
  }
}

/**
 * A playlist that grows is one of everything so far (EVENT) until something is let go: from then on its beginning may be removed (RFC 8216 4.4.3.5,
 * 6.2.2).
 */
function playlistTypeOf(options: {
  readonly recording: RecordingStore
  readonly tracks: readonly ShownTrack[]
  readonly request: PlaylistRequest
}): 'LIVE' | 'EVENT' | 'VOD' {
  const { recording, tracks, request } = options
  if (isLiveEdge(request)) return 'LIVE'
  if (!isGrowing(recording, request)) return 'VOD'
  return tracks.some(({ index }) => index.gone.before > 0) ? 'LIVE' : 'EVENT'
}

function windowOf(
  recording: RecordingStore,
  tracks: readonly ShownTrack[],
  track: ShownTrack,
  request: PlaylistRequest,
): Window {
  const { index } = track
  const main = mainTrackOf(tracks)?.index ?? index
  const whole = isRunning(recording)
    ? reachedBy(main, index, wholeWindow(index), isText(track) ? 'end' : 'middle')
    : wholeWindow(index)
  if (request.span === undefined) {
    return request.query.dvr ? whole : lastSegmentsWindow(index, whole.to, LIVE_SEGMENTS)
  }
  const span = overlappingWindow(index, request.span)
  return { from: Math.min(span.from, whole.to), to: Math.min(span.to, whole.to) }
}

/** Whether the wanted track, or the main one where none is named, has something to play. */
function hasFootage(
  recording: RecordingStore,
  tracks: readonly ShownTrack[],
  request: PlaylistRequest,
): boolean {
  const { trackId } = request.query
  const wanted =
    trackId === undefined ? mainTrackOf(tracks) : tracks.find(({ info }) => info.id === trackId)
  if (wanted === undefined) return trackId !== undefined && tracks.length > 0
  const window = windowOf(recording, tracks, wanted, request)
  return firstSegmentOf(wanted.index, window) !== undefined
}

/** The named track, or all that a player would find something in. */
function tracksToServe(
  recording: RecordingStore,
  tracks: readonly ShownTrack[],
  request: PlaylistRequest,
): readonly ShownTrack[] {
  const { trackId } = request.query
  if (trackId !== undefined) {
    const named = tracks.find(({ info }) => info.id === trackId)
    if (named !== undefined) return [named]
    throw new VsrError('not_found', 'This recording has no such track.')
  }
  const wanted = request.query.withoutSound ? withoutSound(tracks) : tracks
  const filled = wanted.filter(
    (track) =>
      firstSegmentOf(track.index, windowOf(recording, tracks, track, request)) !== undefined,
  )
  // While it records, a track that comes a little later than the others is listed from the start; one that never comes is not.
  const isYoung = (mainTrackOf(tracks)?.index.figures.durationSec ?? 0) < LATE_TRACK_SEC
  const isGrowing = isRunning(recording) && request.span === undefined
  const waiting = isGrowing && isYoung && filled.length > 0
  return waiting ? wanted : filled
}

function noFootage(tracks: readonly ShownTrack[], span: RequestedSpan | undefined): VsrError {
  if (span === undefined) {
    return new VsrError('no_footage', 'Nothing is stored of this recording yet.', {
      hint: 'Try again in a few seconds.',
    })
  }
  const nearest = tracks
    .map(({ index }) => nearestFootageMs(index, span.fromMs))
    .find((instantMs) => instantMs !== undefined)
  const until = span.toMs === undefined ? '' : ` to ${new Date(span.toMs).toISOString()}`
  const asked = `${new Date(span.fromMs).toISOString()}${until}`
  if (nearest === undefined) {
    return new VsrError('no_footage', `There is no footage from ${asked}: nothing is stored yet.`)
  }
  const nearestMs = Math.round(nearest)
  return new VsrError(
    'no_footage',
    `There is no footage from ${asked}. The nearest starts at ${new Date(nearestMs).toISOString()} (${nearestMs}).`,
  )
}
