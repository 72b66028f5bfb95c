import type { TrackTrouble } from '../../src-preload/contract/activity'
import { type ApiError, VsrError } from '../../src-preload/contract/errors'
import type { GapCause } from '../../src-preload/contract/model'
import type { MediaPlaylist } from '../hls/playlist'
import type { Clock } from '../ports/clock'
import type { TrackInfo } from '../store/model'
import type { ActivityWriter } from './activity-writer'
import { gapCauseOf } from './gap-cause'
import { trackRef } from './track-ref'
import type { OnTrouble } from './trouble'

/** What one track beside the main one does, for the report. */
interface SideTrackReport {
  readonly playlistTrouble: OnTrouble
  readonly segmentTrouble: OnTrouble
  /** @param isNews it lists something that was not seen before. */
  listed(playlist: MediaPlaylist, isNews: boolean): void
  stored(): void
}

/** What a person is told of the tracks beside the main one: sound, subtitles. Follows what happens and drives none of it. */
export interface SideReport {
  /** Undefined where all is well. */
  troubles(): readonly TrackTrouble[] | undefined
  track(info: TrackInfo): SideTrackReport
  /** Why a track cannot be had at the moment; undefined where it can. */
  causeOf(trackId: string): GapCause | undefined
  /** The recording ends: troubles that have just begun are noted as well. */
  settle(): void
}

/** Trouble that lasts so long is worth reading about later. */
const NOTED_AFTER_MS = 10_000
/** Sound that lists nothing new for so many target durations is late beyond doubt. */
const SILENT_TARGETS = 3.5
const SHORTEST_SILENCE_MS = 10_000

const silent: ApiError = {
  code: 'source_timeout',
  message: 'The source has sent nothing new of this track for a while.',
}

interface Trouble {
  readonly sinceMs: number
  readonly cause: ApiError
  readonly gapCause: GapCause
  readonly nextTryMs?: number
}

/** @param options.onChange a trouble began, ended or has another cause or next try. */
export function createSideReport(options: {
  clock: Clock
  activity: Pick<ActivityWriter, 'note'>
  onChange: () => void
}): SideReport {
  const { clock, activity, onChange } = options
  const tracks = new Map<string, ReturnType<typeof createTrack>>()

  const createTrack = (info: TrackInfo) => {
    const ref = trackRef(info)
    const { kind } = info
    let playlist: Trouble | undefined
    let segments: Trouble | undefined
    let newsAtMs = clock.monotonicMs()
    let isNoted = false
    const current = () => playlist ?? segments

    const note = () => {
      const trouble = current()
      if (isNoted || trouble === undefined) return
      isNoted = true
      activity.note({ type: 'track-lost', ...ref, cause: trouble.cause })
    }
    const changed = () => {
      const trouble = current()
      if (trouble !== undefined && clock.nowMs() - trouble.sinceMs >= NOTED_AFTER_MS) note()
      if (trouble === undefined && isNoted) {
        isNoted = false
        activity.note({ type: 'track-back', ...ref })
      }
      onChange()
    }
    const troubleOf = (before: Trouble | undefined, error: unknown, nextTryMs?: number) => {
      if (!(error instanceof VsrError) || error.code === 'cancelled') return before
      return {
        sinceMs: before?.sinceMs ?? clock.nowMs(),
        cause: error.toApiError(),
        gapCause: gapCauseOf(error),
        ...(nextTryMs === undefined ? {} : { nextTryMs }),
      }
    }
    /** Subtitles are silent for as long as nobody speaks. */
    const isSilent = ({ endList, targetDurationSec }: MediaPlaylist) =>
      kind === 'audio' &&
      !endList &&
      clock.monotonicMs() - newsAtMs >
        Math.max(SHORTEST_SILENCE_MS, targetDurationSec * SILENT_TARGETS * 1000)

    return {
      note,
      current,
      told: (): TrackTrouble[] => {
        const trouble = current()
        if (trouble === undefined) return []
        const { gapCause: _gapCause, ...shown } = trouble
        return [{ ...ref, ...shown }]
      },
      report: {
        playlistTrouble: (error, nextTryMs) => {
          playlist = troubleOf(playlist, error, nextTryMs)
          changed()
        },
        segmentTrouble: (error, nextTryMs) => {
          segments = troubleOf(segments, error, nextTryMs)
          changed()
        },
        listed(listing, isNews) {
          if (isNews) newsAtMs = clock.monotonicMs()
          const before = playlist
          playlist = isSilent(listing)
            ? { sinceMs: before?.sinceMs ?? clock.nowMs(), cause: silent, gapCause: 'timeout' }
            : undefined
          if (before !== undefined || playlist !== undefined) changed()
        },
        stored() {
          if (segments === undefined) return
          segments = undefined
          changed()
        },
      } satisfies SideTrackReport,
    }
  }

  return {
    troubles() {
      const all = [...tracks.values()].flatMap(({ told }) => told())
      return all.length === 0 ? undefined : all
    },
    track(info) {
      const created = createTrack(info)
      tracks.set(info.id, created)
      return created.report
    },
    causeOf: (trackId) => tracks.get(trackId)?.current()?.gapCause,
    settle() {
      for (const { note } of tracks.values()) note()
    },
  }
}
