import { readFile } from 'node:fs/promises'
import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { onTestFinished } from 'vitest'
import { createExporter, type Exporter } from '../../src-main/export/exporter'
import { systemClock } from '../../src-main/ports/clock'
import { silentLogger } from '../../src-main/ports/logger'
import { createTools } from '../../src-main/preprocess/tools'
import type { ExportJob, ExportResult } from '../../src-preload/contract/model'
import { runProcess, words } from './processes'
import {
  createSampleLibrary,
  SAMPLE_START_MS,
  type SampleLibrary,
  type SampleRecording,
} from './sample-library'
import { tempDirForTest } from './temp-dir'
import { toolPath } from './tools'

/** Where sample recordings begin. Unix ms. */
export const T0 = SAMPLE_START_MS

/** An exporter over a library with one empty recording. */
export interface Bench {
  readonly exporter: Exporter
  readonly exportsDir: string
  readonly recording: SampleRecording
  readonly library: SampleLibrary
}

/** Closed when the running test ends. */
export function createBench(
  options: { title?: string; env?: NodeJS.ProcessEnv; dir?: string } = {},
): Bench {
  const dir = options.dir ?? tempDirForTest()
  const stored = path.join(dir, 'stored')
  mkdirSync(stored)
  const library = createSampleLibrary({ dir: stored })
  const recording = library.add({ title: options.title ?? 'Sample' })
  const exportsDir = path.join(dir, 'exports')
  const exporter = createExporter({
    library,
    tools: createTools({ env: options.env ?? process.env }),
    exportsDir: () => exportsDir,
    clock: systemClock,
    logger: silentLogger,
  })
  onTestFinished(() => exporter.close())
  return { exporter, exportsDir, recording, library }
}

type Range = Omit<Parameters<Exporter['create']>[0], 'recordingId'>

function finished(bench: Bench, jobId: string): Promise<ExportJob> {
  return new Promise((resolve) => {
    const look = () => {
      const job = bench.exporter.get(jobId)
      if (!['done', 'failed', 'cancelled'].includes(job.state)) return
      unsubscribe()
      resolve(job)
    }
    const unsubscribe = bench.exporter.onUpdate(look)
    look()
  })
}

/** Exports a range and waits for its end, whatever it is. */
export async function run(bench: Bench, range: Range): Promise<ExportJob> {
  const { jobId } = await bench.exporter.create({ recordingId: bench.recording.id, ...range })
  return finished(bench, jobId)
}

/** Exports a range; throws where that fails. */
export async function exported(bench: Bench, range: Range): Promise<ExportResult> {
  const job = await run(bench, range)
  if (job.result === undefined) throw new Error(JSON.stringify(job.error))
  return job.result
}

/** What ffprobe says of a file. */
export interface Probed {
  readonly format: { readonly duration: string }
  readonly streams: readonly {
    readonly codec_type: string
    readonly codec_name: string
    readonly width?: number
    readonly nb_read_frames?: string
    readonly start_time: string
  }[]
}

export async function probe(file: string): Promise<Probed> {
  const { stdout } = await runProcess({
    command: toolPath('ffprobe'),
    args: [...words('-v error -count_frames -show_format -show_streams -of json'), file],
  })
  return JSON.parse(stdout)
}

/** Decodes all of it; ffmpeg's complaints, empty for a sound file. */
export async function complaints(file: string): Promise<string> {
  const args = [...words('-v error -xerror -i'), file, ...words('-f null -')]
  return (await runProcess({ command: toolPath('ffmpeg'), args })).stderr
}

/** A picture of one plain grey per frame: frame n of a second has brightness 40 + n * 8, so that frames can be told apart. */
export async function firstLuma(file: string): Promise<number> {
  const raw = `${file}.gray`
  await runProcess({
    command: toolPath('ffmpeg'),
    args: [
      ...words('-v error -y -i'),
      file,
      ...words('-frames:v 1 -pix_fmt gray -f rawvideo'),
      raw,
    ],
  })
  return (await readFile(raw))[0] ?? -1
}

/** Kinds of its streams, in order. */
export const kinds = (probed: Probed) => probed.streams.map((stream) => stream.codec_type)
/** Seconds. */
export const durationOf = (probed: Probed) => Number(probed.format.duration)
