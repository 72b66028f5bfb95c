import { readdir, readFile } from 'node:fs/promises'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { makeMedia, readMedia } from '../support/media'
import { runProcess, words } from '../support/processes'
import { addFfmpegTrack } from '../support/sample-library'
import { tempDirForTest } from '../support/temp-dir'
import { toolPath } from '../support/tools'
import {
  complaints,
  createBench,
  durationOf,
  exported,
  kinds,
  probe,
  T0,
} from '../support/export-bench'

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
