import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { VsrError } from '../../src-preload/contract/errors'
import type { ExportJob } from '../../src-preload/contract/model'
import type { TrackStore } from '../store/model'
import {
  copyOptions,
  cutOptions,
  encodeOptions,
  fileUrl,
  inputOptions,
  mapOptions,
  mp4Options,
  partList,
  partListOptions,
  partOptions,
  silenceInput,
} from './ffmpeg-args'
import { runFfmpeg } from './ffmpeg-command'
import { joinedInput } from './joined-input'
import { prepareRun, type PreparedRun } from './prepare-run'
import type { ExportPlan } from './plan'

export interface MakeFileOptions {
  readonly plan: ExportPlan
  readonly main: TrackStore
  /** A separate rendition with the sound. */
  readonly companion?: TrackStore
  readonly mode: ExportJob['mode']
  readonly ffmpegPath: string
  readonly ffprobePath: string
  /** For parts; the caller removes it. */
  readonly workFolder: string
  readonly signal: AbortSignal
  /** 0..1. */
  readonly onProgress: (fraction: number) => void
}

export interface MadeFile {
  readonly file: string
  /** Unix ms: where the file truly begins. */
  readonly startMs: number
  readonly expectedSec: number
  /** `transcode` where parts that cannot be joined by copying had to be re-encoded. */
  readonly mode: ExportJob['mode']
}

/** Share of the work that joining finished parts takes. */
const JOIN_SHARE = 0.1

/**
 * Makes one MP4 of a plan: one ffmpeg for one run; for several, a part each, then joined.
 * @throws VsrError `export_failed`, `disk_full`, `cancelled`.
 */
export async function makeFile(options: MakeFileOptions): Promise<MadeFile> {
  const prepared: PreparedRun[] = []
  for (const [number, run] of options.plan.runs.entries()) {
    prepared.push(await prepareRun({ ...options, run, number, exact: options.mode !== 'copy' }))
  }
  const [first] = prepared
  if (first === undefined) throw new Error('a plan has at least one run')
  refuseMixedKinds(prepared)
  const encode = options.mode !== 'copy' || !isUniform(prepared)
  const expectedSec = prepared.reduce((sum, part) => sum + part.durationSec, 0)
  const file = path.join(options.workFolder, 'result.mp4')
  const whole = prepared.length === 1
  const partShare = whole ? 1 : 1 - JOIN_SHARE
  const names: string[] = []
  let doneSec = 0
  for (const [number, part] of prepared.entries()) {
    const name = whole ? 'result.mp4' : `part-${number}.mp4`
    names.push(name)
    await cutPart({
      ...options,
      part,
      output: path.join(options.workFolder, name),
      final: whole,
      encodeAs: encode ? { frame: first.head.video, sound: prepared.some(hasSound) } : undefined,
      onWritten: (writtenSec) =>
        options.onProgress(((doneSec + writtenSec) / expectedSec) * partShare),
    })
    doneSec += part.durationSec
  }
  if (!whole) {
    await joinParts({
      ...options,
      names,
      file,
      videoCodec: encode ? 'h264' : first.head.video?.codec,
      onWritten: (writtenSec) =>
        options.onProgress(partShare + (writtenSec / expectedSec) * JOIN_SHARE),
    })
  }
  const mode = encode && options.mode === 'copy' ? 'transcode' : options.mode
  return { file, startMs: first.startMs, expectedSec, mode }
}

const soundOf = (part: PreparedRun) =>
  part.companion === undefined ? part.head.audio : part.companion.head.audio
const hasSound = (part: PreparedRun) => soundOf(part) !== undefined

/** True where the parts' encodings allow joining them without decoding. */
function isUniform(parts: readonly PreparedRun[]): boolean {
  const signatures = parts.map((part) => JSON.stringify([part.head.video, soundOf(part)]))
  return new Set(signatures).size <= 1
}

function refuseMixedKinds(parts: readonly PreparedRun[]): void {
  const withPicture = parts.filter((part) => part.head.video !== undefined).length
  if (withPicture !== 0 && withPicture !== parts.length) {
    throw new VsrError('export_failed', 'Parts of this range have a picture and parts have none.', {
      hint: 'Export the parts one by one: the timeline shows where they meet.',
    })
  }
}

async function cutPart(
  options: MakeFileOptions & {
    part: PreparedRun
    output: string
    final: boolean
    encodeAs: { frame: PreparedRun['head']['video']; sound: boolean } | undefined
    onWritten: (writtenSec: number) => void
  },
): Promise<void> {
  const { part, encodeAs } = options
  const { companion } = part
  const addSilence = encodeAs?.sound === true && !hasSound(part)
  const secondInput = addSilence
    ? [{ source: silenceInput.source, options: silenceInput.options }]
    : companion === undefined
      ? []
      : [{ source: fileUrl(companion.file), options: inputOptions('mov', companion.offsetSec) }]
  // silence has no end of its own
  const durationSec = part.clippedAtEnd || addSilence ? part.durationSec : undefined
  const { source, cwd } = joinedInput(part.files, part.demuxer)
  await runFfmpeg({
    ffmpegPath: options.ffmpegPath,
    cwd,
    signal: options.signal,
    inputs: [{ source, options: inputOptions(part.demuxer) }, ...secondInput],
    outputOptions: [
      ...mapOptions({
        video: part.head.video !== undefined,
        ...(addSilence || companion !== undefined
          ? { audioInput: 1 }
          : part.head.audio === undefined
            ? {}
            : { audioInput: 0 }),
      }),
      ...cutOptions({
        startSec: part.startSec,
        leadSec: encodeAs === undefined ? part.leadSec : 0,
        ...(durationSec === undefined ? {} : { durationSec }),
      }),
      ...(encodeAs === undefined
        ? copyOptions(part.head.video?.codec)
        : encodeOptions(encodeAs.frame)),
      ...(options.final ? mp4Options : partOptions),
    ],
    output: fileUrl(options.output),
    onProgress: options.onWritten,
  })
}

async function joinParts(
  options: MakeFileOptions & {
    names: readonly string[]
    file: string
    videoCodec: string | undefined
    onWritten: (writtenSec: number) => void
  },
): Promise<void> {
  const list = path.join(options.workFolder, 'parts.txt')
  await writeFile(list, partList(options.names.map((name) => ({ name }))))
  await runFfmpeg({
    ffmpegPath: options.ffmpegPath,
    signal: options.signal,
    inputs: [{ source: fileUrl(list), options: partListOptions }],
    outputOptions: ['-map', '0', ...copyOptions(options.videoCodec), ...mp4Options],
    output: fileUrl(options.file),
    onProgress: options.onWritten,
  })
}
