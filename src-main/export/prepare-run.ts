import path from 'node:path'
import { VsrError } from '../../src-preload/contract/errors'
import type { InitRow, SegmentRow, TrackStore } from '../store/model'
import {
  copyOptions,
  cutOptions,
  demuxerFor,
  hasTimestamps,
  fileUrl,
  inputOptions,
  mapOptions,
  partOptions,
} from './ffmpeg-args'
import { runFfmpeg } from './ffmpeg-command'
import { joinedInput } from './joined-input'
import { companionOffsetSec, locateStart, type Start } from './locate-start'
import { type MediaHead, probeHead } from './media-head'
import { planCompanion, type Run } from './plan'

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
  readonly companion?: {
    readonly file: string
    readonly head: MediaHead
    /** Shift that puts the sound's first moment where it belongs on the picture's time. */
    readonly offsetSec: number
  }
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

/** Sound is read from a little before to a little after the picture; ffmpeg cuts what is too much. */
const COMPANION_MARGIN_MS = 1000

/** @throws VsrError `export_failed`, `disk_full`, `cancelled`. */
export async function prepareRun(options: PrepareOptions): Promise<PreparedRun> {
  const { run, exact, main } = options
  const demuxer = knownDemuxer(run.rows)
  const probe = (rows: readonly SegmentRow[]) =>
    probeHead({ ...options, demuxer, files: filesOf(main, rows, run.init) })
  const keyFrame = await locateStart({ run, wantedMs: run.fromMs, probe })
  const start = exact ? movedTo(keyFrame, run.fromMs) : keyFrame
  const startSec = start.mediaSec - start.head.originSec
  const durationSec = Math.max(0.001, (run.toMs - start.atMs) / 1000)
  const companion = await cutCompanion({ ...options, start, startSec, durationSec })
  return {
    files: filesOf(main, start.rows, run.init),
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

function knownDemuxer(rows: readonly SegmentRow[]): string {
  const demuxer = rows[0] === undefined ? undefined : demuxerFor(rows[0].extension)
  if (demuxer === undefined) {
    throw new VsrError('export_failed', 'Only video and sound can be exported, not subtitles.')
  }
  return demuxer
}

/** Paths of rows, with the initialization section they need in front. */
const filesOf = (track: TrackStore, rows: readonly SegmentRow[], init: InitRow | undefined) =>
  [...(init === undefined ? [] : [init]), ...rows].map((row) => track.pathOf(row))

/** ffmpeg takes one input from a pipe: the sound of a separate track is cut into a file of its own first. */
async function cutCompanion(
  options: PrepareOptions & { start: Start; startSec: number; durationSec: number },
): Promise<PreparedRun['companion']> {
  const { companion: track, start, durationSec } = options
  if (track === undefined) return undefined
  const found = planCompanion({
    index: track.index,
    fromMs: start.atMs - COMPANION_MARGIN_MS,
    toMs: options.run.toMs + COMPANION_MARGIN_MS,
  })
  const [first] = found?.rows ?? []
  if (found === undefined || first === undefined) return undefined
  const demuxer = knownDemuxer(found.rows)
  const head = await probeHead({ ...options, demuxer, files: filesOf(track, [first], found.init) })
  if (head.audio === undefined) return undefined
  const cutSec = companionOffsetSec({
    start,
    companionStartMs: first.startMs,
    companionFirstSec: hasTimestamps(first.extension) ? head.firstSec : undefined,
  })
  const delaySec = Math.max(0, -cutSec)
  const file = path.join(options.workFolder, `sound-${options.number}.mp4`)
  const { source, cwd } = joinedInput(filesOf(track, found.rows, found.init))
  await runFfmpeg({
    ffmpegPath: options.ffmpegPath,
    cwd,
    signal: options.signal,
    inputs: [{ source, options: inputOptions(demuxer) }],
    outputOptions: [
      ...mapOptions({ video: false, audioInput: 0 }),
      ...cutOptions({ startSec: Math.max(0, cutSec), durationSec: durationSec - delaySec }),
      ...copyOptions(undefined),
      ...partOptions,
    ],
    output: fileUrl(file),
    onProgress: () => {}, // short beside the picture
  })
  return { file, head, offsetSec: options.startSec + delaySec }
}
