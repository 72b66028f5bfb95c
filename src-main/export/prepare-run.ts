import type { SegmentRow, TrackStore } from '../store/model'
import { createClearFiles } from './clear-files'
import { type Companion, cutCompanion } from './cut-companion'
import { locateStart, type Start } from './locate-start'
import { type MediaHead, probeHead } from './media-head'
import type { Run } from './plan'
import { knownDemuxer } from './run-files'

/** A run whose cut is known and whose sound, where it is a track of its own, lies ready in a file. */
export interface PreparedRun {
  readonly files: readonly string[]
  readonly demuxer: string
  readonly head: MediaHead
  /** Unix ms: where this part of the export begins. */
  readonly startMs: number
  /** The same, in seconds from the first timestamp of `files`. */
  readonly startSec: number
  /** See KeyFrame; 0 where frames are decoded and cut one by one. */
  readonly leadSec: number
  readonly durationSec: number
  readonly clippedAtEnd: boolean
  readonly companion?: Companion
}

interface PrepareOptions {
  readonly run: Run
  readonly number: number
  /** Cut at the instant itself, not at the key frame before it. */
  readonly exact: boolean
  readonly main: TrackStore
  readonly companion?: TrackStore
  readonly ffmpegPath: string
  readonly ffprobePath: string
  readonly workFolder: string
  readonly signal: AbortSignal
}

/** @throws VsrError `export_failed`, `disk_full`, `cancelled`. */
export async function prepareRun(options: PrepareOptions): Promise<PreparedRun> {
  const { run, exact, main } = options
  const demuxer = knownDemuxer(run.rows)
  const clear = createClearFiles({ ...options, track: main, name: `run-${options.number}` })
  const probe = async (rows: readonly SegmentRow[]) =>
    probeHead({ ...options, demuxer, files: await clear.filesOf(rows, run.init) })
  const keyFrame = await locateStart({ run, wantedMs: run.fromMs, probe })
  const start = exact ? movedTo(keyFrame, run.fromMs) : keyFrame
  const startSec = start.mediaSec - start.head.originSec
  const durationSec = Math.max(0.001, (run.toMs - start.atMs) / 1000)
  const companion = await cutCompanion({ ...options, start, startSec, durationSec })
  return {
    files: await clear.filesOf(start.rows, run.init),
    demuxer,
    head: start.head,
    startMs: start.atMs,
    startSec,
    leadSec: exact ? 0 : start.leadSec,
    durationSec,
    clippedAtEnd: run.clippedAtEnd,
    ...(companion === undefined ? {} : { companion }),
  }
}

/** Later only: before the key frame there is nothing to decode. */
const movedTo = (start: Start, wantedMs: number): Start =>
  wantedMs <= start.atMs
    ? start
    : { ...start, atMs: wantedMs, mediaSec: start.mediaSec + (wantedMs - start.atMs) / 1000 }
