import { readFile } from 'node:fs/promises'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { makeMedia, readMedia } from '../support/media'
import { runProcess, words } from '../support/processes'
import { tempDirForTest } from '../support/temp-dir'
import { toolPath } from '../support/tools'
import {
  complaints,
  createBench,
  durationOf,
  exported,
  firstLuma,
  kinds,
  probe,
  T0,
} from '../support/export-bench'

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
