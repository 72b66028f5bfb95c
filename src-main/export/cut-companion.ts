import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { TrackStore } from '../store/model'
import { createClearFiles } from './clear-files'
import {
  copyOptions,
  cutOptions,
  fileUrl,
  hasTimestamps,
  inputOptions,
  mapOptions,
  partList,
  partListOptions,
  partOptions,
} from './ffmpeg-args'
import { runFfmpeg } from './ffmpeg-command'
import { joinedInput } from './joined-input'
import { companionOffsetSec, type Start } from './locate-start'
import { type MediaHead, probeHead } from './media-head'
import { readPackedTimestamp } from './packed-timestamp'
import { type CompanionStretch, planCompanion, type Run } from './plan'
import { knownDemuxer } from './run-files'

/** The sound of a run, where it is a track of its own. */
export interface Companion {
  readonly file: string
  readonly head: MediaHead
  /** Shift that puts the sound's first moment where it belongs on the picture's time. */
  readonly offsetSec: number
}

export interface CompanionOptions {
  readonly run: Run
  readonly number: number
  readonly companion?: TrackStore
  readonly ffmpegPath: string
  readonly ffprobePath: string
  readonly workFolder: string
  readonly signal: AbortSignal
  readonly start: Start
  /** See PreparedRun. */
  readonly startSec: number
  readonly durationSec: number
}

/** Sound is read from a little before to a little after the picture; ffmpeg cuts what is too much. */
const MARGIN_MS = 1000

/** A piece of the sound in a file of its own. */
interface Piece {
  readonly name: string
  readonly head: MediaHead
  /** After the run's start. */
  readonly delaySec: number
}

/**
 * ffmpeg takes one input from a pipe: the sound of a separate track is cut into a file of its own first.
 * @returns undefined where the track has nothing for this run.
 * @throws VsrError `export_failed`, `disk_full`, `cancelled`.
 */
export async function cutCompanion(options: CompanionOptions): Promise<Companion | undefined> {
  const { companion: track, run, start, number, workFolder } = options
  if (track === undefined) return undefined
  const planned = planCompanion({
    index: track.index,
    fromMs: start.atMs - MARGIN_MS,
    toMs: run.toMs + MARGIN_MS,
  })
  const stretches = planned.filter((stretch) => reaches(stretch, start.atMs, run.toMs))
  const pieces: Piece[] = []
  for (const [at, stretch] of stretches.entries()) {
    const name = stretches.length === 1 ? `sound-${number}.mp4` : `sound-${number}-${at}.mp4`
    const piece = await cutStretch({ ...options, track, stretch, name })
    if (piece !== undefined) pieces.push(piece)
  }
  const [first] = pieces
  if (first === undefined) return undefined
  const name = pieces.length === 1 ? first.name : await joinPieces({ ...options, pieces })
  const offsetSec = options.startSec + first.delaySec
  return { file: path.join(workFolder, name), head: first.head, offsetSec }
}

/** Half an audio frame is nothing to be cut. */
const SHORTEST_MS = 50

function reaches({ rows }: CompanionStretch, fromMs: number, toMs: number): boolean {
  const first = rows[0]
  const last = rows.at(-1)
  if (first === undefined || last === undefined) return false
  const endMs = last.startMs + last.durationSec * 1000
  return endMs > fromMs + SHORTEST_MS && first.startMs < toMs - SHORTEST_MS
}

async function cutStretch(
  options: CompanionOptions & { track: TrackStore; stretch: CompanionStretch; name: string },
): Promise<Piece | undefined> {
  const { track, stretch, start, durationSec, name } = options
  const [first] = stretch.rows
  if (first === undefined) return undefined
  const demuxer = knownDemuxer(stretch.rows)
  const clear = createClearFiles({ ...options, track, name: path.parse(name).name })
  const files = await clear.filesOf([first], stretch.init)
  const head = await probeHead({ ...options, demuxer, files })
  if (head.audio === undefined) return undefined
  const cutSec = companionOffsetSec({
    start,
    companionStartMs: first.startMs,
    companionFirstSec: hasTimestamps(first.extension)
      ? head.firstSec
      : await readPackedTimestamp(track.pathOf(first)),
  })
  const delaySec = Math.max(0, -cutSec)
  const restSec = durationSec - delaySec
  if (restSec <= 0) return undefined
  const { source, cwd } = joinedInput(await clear.filesOf(stretch.rows, stretch.init), demuxer)
  await runFfmpeg({
    ffmpegPath: options.ffmpegPath,
    cwd,
    signal: options.signal,
    inputs: [{ source, options: inputOptions(demuxer) }],
    outputOptions: [
      ...mapOptions({ video: false, audioInput: 0 }),
      ...cutOptions({ startSec: Math.max(0, cutSec), durationSec: restSec }),
      ...copyOptions(undefined),
      ...partOptions,
    ],
    output: fileUrl(path.join(options.workFolder, name)),
    onProgress: () => {}, // short beside the picture
  })
  return { name, head, delaySec }
}

/** Puts pieces one behind the other, each at its own time. @returns the file's name. */
async function joinPieces(
  options: CompanionOptions & { pieces: readonly Piece[] },
): Promise<string> {
  const { pieces, number, workFolder } = options
  const list = path.join(workFolder, `sound-${number}.txt`)
  const entries = pieces.map(({ name, delaySec }, at) => {
    const next = pieces[at + 1]
    return next === undefined ? { name } : { name, durationSec: next.delaySec - delaySec }
  })
  await writeFile(list, partList(entries))
  const name = `sound-${number}.mp4`
  await runFfmpeg({
    ffmpegPath: options.ffmpegPath,
    signal: options.signal,
    inputs: [{ source: fileUrl(list), options: partListOptions }],
    outputOptions: ['-map', '0', ...copyOptions(undefined), ...partOptions],
    output: fileUrl(path.join(workFolder, name)),
    onProgress: () => {}, // short beside the picture
  })
  return name
}
