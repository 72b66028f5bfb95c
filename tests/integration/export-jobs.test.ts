import { mkdtemp, readdir, readFile, utimes, writeFile } from 'node:fs/promises'
import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { addFfmpegTrack } from '../support/sample-library'
import { tempDirForTest } from '../support/temp-dir'
import { complaints, createBench, exported, run, T0 } from '../support/export-bench'

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

  it('F39 holds its footage until it is over, and not at all where it is refused', async () => {
    const bench = createBench()
    const { inUse } = bench.library
    const { id } = bench.recording
    const range = { fromMs: T0 + 1000, toMs: T0 + 2000 }
    await expect(run(bench, range)).rejects.toMatchObject({ code: 'no_footage' })
    expect(inUse.earliestMs(id)).toBeUndefined()
    await addFfmpegTrack({ recording: bench.recording, kind: 'ts' })
    const held: boolean[] = []
    bench.exporter.onUpdate(({ state }) => {
      if (state === 'running') held.push((inUse.earliestMs(id) ?? T0 + 9999) <= T0 + 1000)
    })
    expect(await run(bench, range)).toMatchObject({ state: 'done' })
    expect(held).toContain(true)
    expect(held).not.toContain(false)
    expect(inUse.earliestMs(id)).toBeUndefined()
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
    await expect.poll(readPid, { timeout: 20_000 }).toBeGreaterThan(0)
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
