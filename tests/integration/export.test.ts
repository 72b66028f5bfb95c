import { mkdtemp, readdir, readFile, utimes, writeFile } from 'node:fs/promises'
import { mkdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { createExporter, type Exporter } from '../../src-main/export/exporter'
import { systemClock } from '../../src-main/ports/clock'
import { silentLogger } from '../../src-main/ports/logger'
import { createTools } from '../../src-main/preprocess/tools'
import type { ExportJob, ExportResult } from '../../src-preload/contract/model'
import { makeMedia, readMedia } from '../support/media'
import { runProcess, words } from '../support/processes'
import {
  addFfmpegTrack,
  createSampleLibrary,
  SAMPLE_START_MS,
  type SampleRecording,
} from '../support/sample-library'
import { tempDirForTest } from '../support/temp-dir'
import { toolPath } from '../support/tools'

const T0 = SAMPLE_START_MS

interface Bench {
  readonly exporter: Exporter
  readonly exportsDir: string
  readonly recording: SampleRecording
}

let exporter: Exporter | undefined
afterEach(async () => exporter?.close())

function createBench(
  options: { title?: string; env?: NodeJS.ProcessEnv; dir?: string } = {},
): Bench {
  const dir = options.dir ?? tempDirForTest()
  const stored = path.join(dir, 'stored')
  mkdirSync(stored)
  const library = createSampleLibrary({ dir: stored })
  const recording = library.add({ title: options.title ?? 'Sample' })
  const exportsDir = path.join(dir, 'exports')
  exporter = createExporter({
    library,
    tools: createTools({ env: options.env ?? process.env }),
    exportsDir: () => exportsDir,
    clock: systemClock,
    logger: silentLogger,
  })
  return { exporter, exportsDir, recording }
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

async function run(bench: Bench, range: Range): Promise<ExportJob> {
  const { jobId } = await bench.exporter.create({ recordingId: bench.recording.id, ...range })
  return finished(bench, jobId)
}

async function exported(bench: Bench, range: Range): Promise<ExportResult> {
  const job = await run(bench, range)
  if (job.result === undefined) throw new Error(JSON.stringify(job.error))
  return job.result
}

interface Probed {
  readonly format: { readonly duration: string }
  readonly streams: readonly {
    readonly codec_type: string
    readonly codec_name: string
    readonly width?: number
    readonly nb_read_frames?: string
    readonly start_time: string
  }[]
}

async function probe(file: string): Promise<Probed> {
  const { stdout } = await runProcess({
    command: toolPath('ffprobe'),
    args: [...words('-v error -count_frames -show_format -show_streams -of json'), file],
  })
  return JSON.parse(stdout)
}

/** Decodes all of it; ffmpeg's complaints, empty for a sound file. */
async function complaints(file: string): Promise<string> {
  const args = [...words('-v error -xerror -i'), file, ...words('-f null -')]
  return (await runProcess({ command: toolPath('ffmpeg'), args })).stderr
}

/** A picture of one plain grey per frame: frame n of a second has brightness 40 + n * 8, so that frames can be told apart. */
async function firstLuma(file: string): Promise<number> {
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

const kinds = (probed: Probed) => probed.streams.map((stream) => stream.codec_type)
const durationOf = (probed: Probed) => Number(probed.format.duration)

describe('exporting by stream copy', () => {
  for (const kind of ['ts', 'fmp4'] as const) {
    it(`makes a valid MP4 of a range of ${kind} segments that starts at the key frame before`, async () => {
      const bench = createBench()
      await addFfmpegTrack({ recording: bench.recording, kind })
      const result = await exported(bench, { fromMs: T0 + 2400, toMs: T0 + 4500 })
      expect(result).toMatchObject({ startMs: T0 + 2000, mode: 'copy', gapsSkippedSec: 0 })
      const probed = await probe(result.file)
      expect(kinds(probed)).toEqual(['video', 'audio'])
      expect(durationOf(probed)).toBeCloseTo(2.5, 0)
      expect(durationOf(probed)).toBeCloseTo(result.durationSec, 2)
      expect(Math.abs(durationOf(probed) - 2.5)).toBeLessThan(0.1)
      expect(await complaints(result.file)).toBe('')
      expect((await readFile(result.file)).subarray(0, 4096).includes('moov')).toBe(true)
      expect(await readdir(bench.exportsDir)).toEqual([path.basename(result.file)])
    })
  }

  it('puts a separate sound track under the picture, in step with it', async () => {
    const bench = createBench()
    const { dir } = await makeMedia({ kind: 'multivariant' })
    const video = bench.recording.sampleTrack({ id: 'v0', kind: 'video' })
    const audio = bench.recording.sampleTrack({ id: 'a0', kind: 'audio' })
    for (let number = 0; number < 6; number += 1) {
      const read = (name: string) => readFileSync(path.join(dir, `${name}-${number}.ts`))
      video.segment({ durationSec: 1, extension: 'ts' }, read('high'))
      audio.segment({ durationSec: 1, extension: 'ts' }, read('sound'))
    }
    const result = await exported(bench, { fromMs: T0 + 2000, toMs: T0 + 5000 })
    expect(result.startMs).toBe(T0 + 2000)
    const probed = await probe(result.file)
    expect(kinds(probed)).toEqual(['video', 'audio'])
    for (const stream of probed.streams) expect(Number(stream.start_time)).toBeLessThan(0.05)
    expect(Math.abs(durationOf(probed) - 3)).toBeLessThan(0.1)
    expect(await complaints(result.file)).toBe('')
  })

  it('F53 skips a gap and a discontinuity, and says how much is missing', async () => {
    const bench = createBench({ title: `It's "quoted" \\ and 'more'` })
    const { media } = await readMedia({ kind: 'ts' })
    const track = bench.recording.sampleTrack()
    for (const { durationSec, body } of media.slice(0, 2)) track.segment({ durationSec }, body)
    track.gap({ durationSec: 3 })
    for (const { durationSec, body } of media.slice(2, 4)) track.segment({ durationSec }, body)
    track.discontinuity({ reason: 'source' })
    for (const { durationSec, body } of media.slice(0, 2)) track.segment({ durationSec }, body)
    const result = await exported(bench, { fromMs: T0, toMs: T0 + 60_000 })
    expect(result).toMatchObject({ startMs: T0, mode: 'copy', gapsSkippedSec: 3 })
    const probed = await probe(result.file)
    expect(Math.abs(durationOf(probed) - 6)).toBeLessThan(0.3)
    expect(probed.streams[0]?.nb_read_frames).toBe('150')
    expect(await complaints(result.file)).toBe('')
  })

  it('F21 re-encodes where the parts do not fit together, and says so', async () => {
    const bench = createBench()
    const { dir } = await makeMedia({ kind: 'multivariant' })
    const { media } = await readMedia({ kind: 'ts' })
    const track = bench.recording.sampleTrack()
    for (const { durationSec, body } of media.slice(0, 2)) track.segment({ durationSec }, body)
    track.discontinuity({ reason: 'init-change' })
    track.segment({ durationSec: 1 }, readFileSync(path.join(dir, 'low-0.ts')))
    const result = await exported(bench, { fromMs: T0, toMs: T0 + 3000 })
    expect(result.mode).toBe('transcode')
    const probed = await probe(result.file)
    expect(kinds(probed)).toEqual(['video', 'audio'])
    expect(probed.streams[0]?.width).toBe(320)
    expect(Math.abs(durationOf(probed) - 3)).toBeLessThan(0.2)
    expect(await complaints(result.file)).toBe('')
  })

  it('finds the key frame in an earlier segment where segments do not begin with one', async () => {
    const bench = createBench()
    const dir = tempDirForTest()
    await runProcess({
      command: toolPath('ffmpeg'),
      cwd: dir,
      args: [
        ...words('-v error -f lavfi -i testsrc2=size=160x90:rate=25 -t 8 -c:v libx264 -g 100'),
        ...words(
          '-keyint_min 100 -sc_threshold 0 -f segment -segment_time 1 -break_non_keyframes 1',
        ),
        ...words('-segment_format mpegts part-%d.ts'),
      ],
    })
    const track = bench.recording.sampleTrack()
    for (let number = 0; number < 8; number += 1) {
      track.segment({ durationSec: 1 }, readFileSync(path.join(dir, `part-${number}.ts`)))
    }
    const result = await exported(bench, { fromMs: T0 + 6500, toMs: T0 + 7500 })
    // the key frame at 4 s lies in the segment before, behind reordered pictures
    expect(Math.abs(result.startMs - T0 - 4000)).toBeLessThanOrEqual(120)
    expect(Math.abs(result.durationSec - 3.5)).toBeLessThan(0.3)
    expect(await complaints(result.file)).toBe('')
  })

  it('takes what a running recording has so far', async () => {
    const bench = createBench()
    const track = await addFfmpegTrack({ recording: bench.recording, kind: 'ts' })
    const whole = await exported(bench, { fromMs: T0 - 5000, toMs: T0 + 3_600_000 })
    expect(whole.startMs).toBe(T0)
    expect(Math.abs(whole.durationSec - 6)).toBeLessThan(0.1)
    expect(track.index.figures.segments).toBe(6)
  })
})

describe('reordered pictures (B-frames)', () => {
  it('starts at the key frame before, not at the one behind it', async () => {
    const bench = createBench()
    const dir = tempDirForTest()
    await runProcess({
      command: toolPath('ffmpeg'),
      cwd: dir,
      args: [
        ...words('-v error -f lavfi -i testsrc2=size=160x90:rate=25 -f lavfi -i sine -t 8'),
        ...words('-c:v libx264 -g 50 -keyint_min 50 -sc_threshold 0 -bf 3 -c:a aac'),
        ...words(
          '-f hls -hls_time 4 -hls_playlist_type vod -hls_segment_filename part-%d.ts x.m3u8',
        ),
      ],
    })
    const track = bench.recording.sampleTrack()
    for (let number = 0; number < 2; number += 1) {
      track.segment({ durationSec: 4 }, readFileSync(path.join(dir, `part-${number}.ts`)))
    }
    for (const atMs of [2000, 2500, 3900, 6100]) {
      const result = await exported(bench, { fromMs: T0 + atMs, toMs: T0 + 7000 })
      expect(result.startMs).toBe(T0 + Math.floor(atMs / 2000) * 2000)
      const expectedSec = (T0 + 7000 - result.startMs) / 1000
      expect(Math.abs(result.durationSec - expectedSec)).toBeLessThan(0.2)
    }
  })
})

describe('exporting exactly', () => {
  it('starts at the frame itself and is as long as asked', async () => {
    const bench = createBench()
    const dir = tempDirForTest()
    await runProcess({
      command: toolPath('ffmpeg'),
      cwd: dir,
      args: [
        ...words('-v error -f lavfi -i color=black:size=160x90:rate=25 -t 4 -vf'),
        `geq=lum='40+8*mod(N,25)':cb=128:cr=128`,
        ...words('-c:v libx264 -qp 0 -g 50 -sc_threshold 0 -f segment -segment_time 2'),
        ...words('-segment_format mpegts part-%d.ts'),
      ],
    })
    const track = bench.recording.sampleTrack()
    for (let number = 0; number < 2; number += 1) {
      track.segment({ durationSec: 2 }, readFileSync(path.join(dir, `part-${number}.ts`)))
    }
    const result = await exported(bench, { fromMs: T0 + 2400, toMs: T0 + 3200, mode: 'exact' })
    expect(result).toMatchObject({ startMs: T0 + 2400, mode: 'exact' })
    const probed = await probe(result.file)
    expect(probed.streams[0]?.nb_read_frames).toBe('20')
    const expected = await firstLumaOf(path.join(dir, 'part-1.ts'), 10)
    expect(Math.abs((await firstLuma(result.file)) - expected)).toBeLessThanOrEqual(3)
  })

  it('gives parts without sound silence', async () => {
    const bench = createBench()
    const { dir } = await makeMedia({ kind: 'multivariant' })
    const { media } = await readMedia({ kind: 'ts' })
    const track = bench.recording.sampleTrack()
    track.segment({ durationSec: 1 }, readFileSync(path.join(dir, 'high-0.ts')))
    track.discontinuity({ reason: 'source' })
    for (const { durationSec, body } of media.slice(0, 1)) track.segment({ durationSec }, body)
    const result = await exported(bench, { fromMs: T0, toMs: T0 + 2000, mode: 'exact' })
    const probed = await probe(result.file)
    expect(kinds(probed)).toEqual(['video', 'audio'])
    expect(Math.abs(durationOf(probed) - 2)).toBeLessThan(0.15)
    expect(await complaints(result.file)).toBe('')
  })
})

async function firstLumaOf(file: string, frame: number): Promise<number> {
  const raw = `${file}.${frame}.gray`
  await runProcess({
    command: toolPath('ffmpeg'),
    args: [
      ...words('-v error -y -i'),
      file,
      '-vf',
      `select=eq(n\\,${frame})`,
      ...words('-frames:v 1 -pix_fmt gray -f rawvideo'),
      raw,
    ],
  })
  return (await readFile(raw))[0] ?? -1
}

describe('names and refusals', () => {
  it('F45 makes safe names, and never replaces a file', async () => {
    const bench = createBench({ title: '../CON: <a>/b\\c|d?*\u0007\u202e' })
    await addFfmpegTrack({ recording: bench.recording, kind: 'ts' })
    const range = { fromMs: T0, toMs: T0 + 1000 }
    const [first, second] = await Promise.all([exported(bench, range), exported(bench, range)])
    expect(path.dirname(first.file)).toBe(bench.exportsDir)
    expect(new Set([first.file, second.file]).size).toBe(2)
    expect([first.file, second.file].filter((file) => file.endsWith(' (2).mp4'))).toHaveLength(1)
  })

  it('S18 writes to a file whose name looks like an option, and refuses one that is there', async () => {
    const bench = createBench()
    await addFfmpegTrack({ recording: bench.recording, kind: 'ts' })
    const file = path.join(tempDirForTest(), `-y 'x'.mp4`)
    const range = { fromMs: T0, toMs: T0 + 1000, file }
    expect((await exported(bench, range)).file).toBe(file)
    expect(await complaints(`file:${file}`)).toBe('')
    const bytes = await readFile(file)
    await expect(run(bench, range)).rejects.toMatchObject({ code: 'export_target_exists' })
    expect((await readFile(file)).equals(bytes)).toBe(true)
  })

  it('refuses ranges that make no sense or hold nothing', async () => {
    const bench = createBench()
    await expect(run(bench, { fromMs: T0, toMs: T0 + 1 })).rejects.toMatchObject({
      code: 'no_footage',
    })
    await addFfmpegTrack({ recording: bench.recording, kind: 'ts' })
    await expect(run(bench, { fromMs: T0 + 10, toMs: T0 })).rejects.toMatchObject({
      code: 'bad_time',
    })
    await expect(run(bench, { fromMs: 0, toMs: 1000 })).rejects.toMatchObject({
      code: 'no_footage',
      hint: expect.stringContaining(new Date(T0).toISOString()),
    })
    const create = bench.exporter.create({ recordingId: 'nosuchrecording', fromMs: 0, toMs: 1 })
    await expect(create).rejects.toMatchObject({ code: 'recording_not_found' })
    expect(() => bench.exporter.get('nope')).toThrow(
      expect.objectContaining({ code: 'export_not_found' }),
    )
  })

  it('F46 says what to install where ffmpeg is missing', async () => {
    const bench = createBench({ env: { PATH: '' } })
    await addFfmpegTrack({ recording: bench.recording, kind: 'ts' })
    await expect(run(bench, { fromMs: T0, toMs: T0 + 1000 })).rejects.toMatchObject({
      code: 'ffmpeg_missing',
      hint: expect.stringMatching(/install ffmpeg|Gyan\.FFmpeg/),
    })
  })

  it('says when the folder cannot be written', async () => {
    const dir = tempDirForTest()
    await writeFile(path.join(dir, 'exports'), 'a file where the folder should be')
    const bench = createBench({ dir })
    await addFfmpegTrack({ recording: bench.recording, kind: 'ts' })
    const job = await run(bench, { fromMs: T0, toMs: T0 + 1000 })
    expect(job).toMatchObject({ state: 'failed', error: { code: 'export_target_unwritable' } })
  })

  it('says when a stored segment is no media, and leaves nothing behind', async () => {
    const bench = createBench()
    const track = bench.recording.sampleTrack()
    track.segment({ durationSec: 1 }, new TextEncoder().encode('<html>not media</html>'))
    const job = await run(bench, { fromMs: T0, toMs: T0 + 1000 })
    expect(job).toMatchObject({ state: 'failed', error: { code: 'export_failed' } })
    expect(await readdir(bench.exportsDir)).toEqual([])
  })
})

describe('jobs', () => {
  /** A stand-in for ffmpeg: answers for its version, then does what the script says. */
  async function fakeFfmpeg(script: string): Promise<NodeJS.ProcessEnv> {
    const dir = await mkdtemp(path.join(tempDirForTest(), 'fake-'))
    const file = path.join(dir, 'ffmpeg')
    const body = `#!/bin/sh\n[ "$1" = -version ] && echo 'ffmpeg version 6.0' && exit 0\n${script}\n`
    await writeFile(file, body, { mode: 0o755 })
    return { ...process.env, VSR_FFMPEG: file }
  }

  it('F47 ends an ffmpeg that hangs and ignores TERM when the job is cancelled, and removes what it wrote', async () => {
    const started = path.join(tempDirForTest(), 'started')
    const env = await fakeFfmpeg(`trap "" TERM\necho $$ > '${started}'\nwhile :; do sleep 1; done`)
    const bench = createBench({ env })
    await addFfmpegTrack({ recording: bench.recording, kind: 'ts' })
    const { jobId } = await bench.exporter.create({
      recordingId: bench.recording.id,
      fromMs: T0,
      toMs: T0 + 1000,
    })
    const readPid = () => readFile(started, 'utf8').then(Number, () => 0)
    await expect.poll(readPid, { timeout: 10_000 }).toBeGreaterThan(0)
    const job = await bench.exporter.cancel(jobId)
    expect(job.state).toBe('cancelled')
    const pid = await readPid()
    expect(() => process.kill(pid, 0)).toThrow(expect.objectContaining({ code: 'ESRCH' }))
    expect(await readdir(bench.exportsDir)).toEqual([])
  })

  it('removes what a killed process left long ago, and nothing else', async () => {
    const bench = createBench()
    await addFfmpegTrack({ recording: bench.recording, kind: 'ts' })
    for (const name of ['.vsr-export-old', '.vsr-export-new', '.other']) {
      mkdirSync(path.join(bench.exportsDir, name), { recursive: true })
    }
    const long = new Date(Date.now() - 8 * 24 * 3_600_000)
    await utimes(path.join(bench.exportsDir, '.vsr-export-old'), long, long)
    await utimes(path.join(bench.exportsDir, '.other'), long, long)
    const { file } = await exported(bench, { fromMs: T0, toMs: T0 + 1000 })
    const left = (await readdir(bench.exportsDir)).toSorted()
    expect(left).toEqual(['.other', '.vsr-export-new', path.basename(file)])
  })

  it('F47 fails with the last lines of an ffmpeg that fails', async () => {
    const env = await fakeFfmpeg('echo "muxer: the sky is falling" >&2\nexit 3')
    const bench = createBench({ env })
    await addFfmpegTrack({ recording: bench.recording, kind: 'ts' })
    const job = await run(bench, { fromMs: T0, toMs: T0 + 1000 })
    expect(job).toMatchObject({
      state: 'failed',
      error: { code: 'export_failed', message: expect.stringContaining('the sky is falling') },
    })
  })

  it('reports progress that never goes back, and lists jobs newest first', async () => {
    const bench = createBench()
    await addFfmpegTrack({ recording: bench.recording, kind: 'ts' })
    const percents: number[] = []
    bench.exporter.onUpdate((job) => percents.push(job.percent))
    await exported(bench, { fromMs: T0, toMs: T0 + 3000, mode: 'exact' })
    expect(percents).toEqual(percents.toSorted((a, b) => a - b))
    expect(percents.at(-1)).toBe(100)
    await exported(bench, { fromMs: T0, toMs: T0 + 1000 })
    expect(bench.exporter.list().map((job) => job.toMs - T0)).toEqual([1000, 3000])
  })
})
