// Soak: 100 000 reloads over 10 streams with faults, time running faster; memory, descriptors, event loop, completeness.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { setTimeout as delay } from 'node:timers/promises'
import { benchOptions } from './support/bench-options'
import { corpusDir, report } from './support/report'
import { slopePerHour } from './support/measure'
import { runSoakRecorder, type SoakAnswer, type SoakOrder } from './support/soak-recorder'
import { startSoakSource } from './support/soak-source'

const MB = 1_000_000
const SAMPLE_EVERY_MS = 2000
/** Until then caches fill and code is compiled. */
const WARM_UP = 0.3

async function soak(): Promise<void> {
  const options = benchOptions()
  const reloads = options.number('reloads', { full: 100_000, quick: 4000 })
  const streams = options.number('streams', { full: 10, quick: 10 })
  const speed = options.number('speed', { full: 50, quick: 50 })
  const work = path.join(corpusDir, 'live-soak.work')
  rmSync(work, { recursive: true, force: true })
  const source = await startSoakSource({ streams, speed })
  const child = fork(fileURLToPath(import.meta.url), [
    '--recorder',
    JSON.stringify({ urls: source.urls, speed, root: work }),
  ])
  const ask = async (order: SoakOrder): Promise<SoakAnswer> => {
    child.send(order)
    const [answer] = await once(child, 'message')
    return answer as SoakAnswer // only our own child speaks here
  }
  const samples: { atMs: number; answer: SoakAnswer }[] = []
  try {
    await once(child, 'message')
    while (source.reloads() < reloads) {
      await delay(SAMPLE_EVERY_MS)
      samples.push({ atMs: performance.now(), answer: await ask('sample') })
    }
    source.quiet()
    const last = await ask('end')
    const settled = samples.slice(Math.floor(samples.length * WARM_UP))
    const points = settled.map(({ atMs, answer }) => ({
      // Hours as the recorder has lived them.
      hour: (atMs * speed) / 3_600_000,
      value: answer.rssBytes / MB,
    }))
    const first = settled[0]?.answer.descriptors ?? Number.NaN
    report({
      row: 'SOAK',
      title: 'many reloads with faults',
      method: `${source.reloads()} reloads over ${streams} streams of 4 s segments, time ${speed} times as fast for the recorder: cut bodies, 404, 500, resets, web pages, stale copies, sequence resets, jumps, EXT-X-GAP. Hours are those of the recorder; the index of what is stored grows by 63 bytes a segment, ${((streams * 900 * 63) / MB).toFixed(2)} MB an hour. ${last.segments} segments stored, ${last.gaps} in gap rows.`,
      measurements: [
        {
          work: 'growth of resident memory',
          unit: 'MB/h',
          vsr: slopePerHour(points),
          bar: { text: '< 1 MB/h', limit: 1 },
        },
        {
          work: 'descriptors at the end, beyond those after the start',
          unit: '',
          vsr: Math.max(0, last.descriptors - first),
          bar: { text: '+0', limit: 0 },
        },
        {
          work: 'event loop delay p99',
          unit: 'ms',
          vsr: last.loopDelayP99Ms,
          bar: { text: '< 50 ms', limit: 50 },
        },
        {
          work: 'sequence numbers neither stored nor in a gap row',
          unit: '',
          vsr: last.unexplained,
          bar: { text: '0', limit: 0 },
        },
        {
          work: 'sequence numbers stored twice',
          unit: '',
          vsr: last.twice,
          bar: { text: '0', limit: 0 },
        },
      ],
    })
  } finally {
    child.kill('SIGKILL')
    await source.stop()
    rmSync(work, { recursive: true, force: true })
  }
}

const recorderAt = process.argv.indexOf('--recorder')
if (recorderAt < 0) await soak()
else await runSoakRecorder(JSON.parse(process.argv[recorderAt + 1] ?? '{}'))
