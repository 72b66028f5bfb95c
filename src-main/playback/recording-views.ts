import type { TrackTrouble } from '../../src-preload/contract/activity'
import { errorCodeSchema } from '../../src-preload/contract/errors'
import type {
  Epoch,
  Gap,
  RecordingDetail,
  RecordingState,
  RecordingSummary,
  StateReason,
} from '../../src-preload/contract/model'
import type { RecordingStore, TrackStore } from '../store/model'
import { discontinuityPositionsOf } from './breaks'
import { gapSpans } from './gap-spans'

/** What the running session says about itself; absent where none runs. */
export interface SessionStatus {
  readonly state: RecordingState
  readonly reason?: StateReason
  readonly trackTroubles?: readonly TrackTrouble[]
  readonly latencySec?: number
  readonly outstandingSec?: number
  readonly live: boolean
}

/** A recording as the library list shows it. */
export function summaryOf(
  recording: RecordingStore,
  status: SessionStatus | undefined,
): RecordingSummary {
  const { meta, figures } = recording
  const reason = status === undefined ? failureOf(recording) : status.reason
  const outstandingSec = status?.outstandingSec ?? 0
  const known = figures.durationSec + figures.gapSec + outstandingSec
  return {
    id: recording.id,
    title: meta.title,
    sourceUrl: meta.sourceUrl,
    state: status?.state ?? meta.state,
    ...(reason === undefined ? {} : { reason }),
    ...(status?.trackTroubles === undefined ? {} : { trackTroubles: [...status.trackTroubles] }),
    startMs: Math.round(figures.startMs ?? meta.createdMs),
    ...(figures.endMs === undefined ? {} : { endMs: Math.round(figures.endMs) }),
    durationSec: figures.durationSec,
    bytes: figures.bytes,
    segments: figures.segments,
    gaps: figures.gaps,
    gapSec: figures.gapSec,
    ...(figures.soundGapSec > 0 ? { soundGapSec: figures.soundGapSec } : {}),
    ...(outstandingSec > 0 ? { outstandingSec } : {}),
    completeness: known > 0 ? Math.min(1, figures.durationSec / known) : 1,
    ...(status?.latencySec === undefined ? {} : { latencySec: Math.max(0, status.latencySec) }),
    live: status?.live ?? meta.live,
    pinned: meta.pinned,
    keepWaiting: meta.keepWaiting,
    ...(meta.sourceEnded === true && status === undefined ? { sourceEnded: true } : {}),
    createdMs: meta.createdMs,
  }
}

/** A recording with its tracks, gaps and epochs. Opens its logs. */
export async function detailOf(
  recording: RecordingStore,
  status: SessionStatus | undefined,
): Promise<RecordingDetail> {
  const tracks = await recording.tracks()
  const isCut = tracks.some(({ index }) => index.gone.before > 0)
  const leftFromMs = isCut ? (recording.figures.startMs ?? 0) : 0
  return {
    ...summaryOf(recording, status),
    tracks: tracks.map(({ info, index }) => ({
      id: info.id,
      kind: info.kind,
      codecs: info.codecs,
      ...(info.resolution === undefined ? {} : { resolution: info.resolution }),
      ...(info.language === undefined ? {} : { language: info.language }),
      ...(info.name === undefined ? {} : { name: info.name }),
      segments: index.figures.segments,
      bytes: index.figures.bytes,
      gaps: index.figures.gaps,
      gapSec: index.figures.gapSec,
    })),
    gapList: tracks.flatMap(gapsOf),
    epochs: tracks.flatMap(epochsOf),
    markers: recording.meta.markers.filter(({ atMs }) => atMs >= leftFromMs),
    pinnedSpans: recording.meta.pinnedSpans.filter(({ toMs }) => toMs > leftFromMs),
    activity: [...(await recording.activity()).list()],
  }
}

function failureOf(recording: RecordingStore): StateReason | undefined {
  const { failure } = recording.meta
  if (failure === undefined) return undefined
  const code = errorCodeSchema.safeParse(failure.code)
  return {
    sinceMs: Math.round(recording.figures.endMs ?? recording.meta.createdMs),
    cause: {
      code: code.success ? code.data : 'internal',
      message: failure.message,
      ...(failure.hint === undefined ? {} : { hint: failure.hint }),
    },
  }
}

const gapsOf = (track: TrackStore): Gap[] =>
  gapSpans(track.index).map((gap) => ({ track: track.info.id, ...gap }))

function epochsOf({ info, index }: TrackStore): Epoch[] {
  return discontinuityPositionsOf(index).flatMap((position) => {
    const row = index.rowAt(position)
    if (row.kind !== 'discontinuity' || row.reason !== 'epoch') return []
    return [
      {
        track: info.id,
        epoch: row.epoch,
        startMs: Math.round(row.startMs),
        firstMediaSequence: row.mediaSequence,
        clock: row.clock,
      },
    ]
  })
}
