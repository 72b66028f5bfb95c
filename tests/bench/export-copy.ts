// P6: exports by stream copy against plain ffmpeg commands that make an MP4 of the same segments.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { createExporter } from '../../src-main/export/exporter'
import { systemClock } from '../../src-main/ports/clock'
import { silentLogger } from '../../src-main/ports/logger'
import { createTools } from '../../src-main/preprocess/tools'
import { runProcess, words } from '../support/processes'
import { createSampleLibrary, SAMPLE_START_MS } from '../support/sample-library'
import { toolPath } from '../support/tools'
import { interleaved } from './support/measure'
import { corpusDir, type Measurement, report } from './support/report'
import { segmentCorpus } from './support/segment-corpus'

const ROUNDS = 3
const SEGMENT_SEC = 4
const SEGMENTS = 160
/** What is exported begins after it, so that a start has to be found. */
const LEAD_SEC = 8

const ffmpeg = async (...args: string[]): Promise<void> => {
  const run = await runProcess({
    command: toolPath('ffmpeg'),
    args: [...words('-hide_banner -nostdin -loglevel error -y'), ...args],
  })
  if (run.code !== 0) throw new Error(run.stderr)
}

const corpus = await segmentCorpus()
const segments = corpus.segments.slice(0, SEGMENTS).map(({ name }) => path.join(corpus.dir, name))
const work = path.join(corpusDir, 'export-copy.work')
rmSync(work, { recursive: true, force: true })
const stored = path.join(work, 'stored')
mkdirSync(stored, { recursive: true })
try {
  const library = createSampleLibrary({ dir: stored })
  const recording = library.add()
  const track = recording.sampleTrack()
  for (const file of segments) track.segment({ durationSec: SEGMENT_SEC }, readFileSync(file))
  const exporter = createExporter({
    library,
    tools: createTools({ env: process.env }),
    exportsDir: () => path.join(work, 'exports'),
    clock: systemClock,
    logger: silentLogger,
  })
  const exported = async (sec: number): Promise<void> => {
    const fromMs = SAMPLE_START_MS + LEAD_SEC * 1000
    const file = path.join(work, 'vsr.mp4')
    const { jobId } = await exporter.create({
      recordingId: recording.id,
      fromMs,
      toMs: fromMs + sec * 1000,
      file,
    })
    await new Promise<void>((resolve, reject) => {
      exporter.onUpdate((job) => {
        if (job.jobId !== jobId) return
        if (job.state === 'done') resolve()
        if (job.state === 'failed') reject(new Error(JSON.stringify(job.error)))
      })
    })
    rmSync(file)
  }
  const peer =
    (name: string, input: (files: readonly string[]) => string[]) => async (sec: number) => {
      const first = LEAD_SEC / SEGMENT_SEC
      const files = segments.slice(first, first + sec / SEGMENT_SEC)
      const file = path.join(work, `${name}.mp4`)
      await ffmpeg(...input(files), ...words('-c copy'), file)
      rmSync(file)
    }
  const listed = (files: readonly string[]): string[] => {
    const list = path.join(work, 'list.txt')
    writeFileSync(list, files.map((file) => `file '${file}'\n`).join(''))
    return [...words('-f concat -safe 0 -i'), list]
  }
  const protocol = peer('protocol', (files) => ['-i', `concat:${files.join('|')}`])
  const demuxer = peer('demuxer', listed)

  const measurements: Measurement[] = []
  for (const sec of [60, 600]) {
    const figures = await interleaved({
      rounds: ROUNDS,
      clock: 'wall',
      candidates: {
        vsr: () => exported(sec),
        'ffmpeg concat protocol': () => protocol(sec),
        'ffmpeg concat demuxer': () => demuxer(sec),
      },
    })
    const { vsr, ...peers } = figures
    const [best] = Object.entries(peers).toSorted(([, a], [, b]) => a - b)
    if (best === undefined) throw new Error('no peer was measured')
    const [name, value] = best
    measurements.push({
      work: `${sec} s`,
      unit: 'ms',
      vsr,
      peer: { name, value },
      bar: { text: '<= 1.2x + 150 ms', limit: 1.2 * value + 150 },
    })
  }
  await exporter.close()
  report({
    row: 'P6',
    title: 'export by stream copy',
    method:
      'Wall time from the request to the finished, verified, synced MP4 with its index in front, against the faster of two plain ffmpeg commands, which verify and sync nothing. 4 s segments of 2 MB.',
    measurements,
  })
} finally {
  rmSync(work, { recursive: true, force: true })
}
