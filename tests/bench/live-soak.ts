// Soak: 100 000 reloads over 10 streams with faults, time running faster; memory, descriptors, event loop, completeness.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { setTimeout as delay } from 'node:timers/promises'
import { benchOptions } from './support/bench-options'
import { corpusDir, report } from './support/report'
import { median, slopePerHour } from './support/measure'
import { runSoakRecorder, type SoakAnswer, type SoakOrder } from './support/soak-recorder'
import { startSoakSource } from './support/soak-source'

const MB = 1_000_000
const SAMPLE_EVERY_MS = 2000
const COLLECTIONS = 10
const ROW_BYTES = 41
/** Part of the reloads in which caches fill, code is compiled and the heap finds its size. */
const WARM_UP = 0.3

interface Sample {
  readonly hour: number
  readonly answer: SoakAnswer
}

const usedBytes = ({ heapBytes, bufferBytes }: SoakAnswer) => heapBytes + bufferBytes

/** Descriptors come and go with what is under way: one extreme look says nothing, the middle one of many does. */
const usualDescriptors = (samples: readonly Sample[]) =>
  median(samples.map(({ answer }) => answer.descriptors))

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
  const samples: Sample[] = []
  const collected: Sample[] = []
  const take = async (into: Sample[], order: SoakOrder) => {
    const answer = await ask(order)
    // Hours as the recorder has lived them.
    into.push({ hour: (performance.now() * speed) / 3_600_000, answer })
  }
  /** What is in use without what is under way at the moment: the least of several looks. */
  const takeLeast = async () => {
    const looks: Sample[] = []
    for (let look = 0; look < COLLECTIONS; look += 1) {
      await delay(SAMPLE_EVERY_MS / 4)
      await take(looks, 'collect')
    }
    collected.push(
      ...looks.toSorted((a, b) => usedBytes(a.answer) - usedBytes(b.answer)).slice(0, 1),
    )
  }
  try {
    await once(child, 'message')
    const startMs = performance.now()
    while (source.reloads() < reloads) {
      await delay(SAMPLE_EVERY_MS)
      if (source.reloads() < reloads * WARM_UP) continue
      if (collected.length === 0) await takeLeast()
      await take(samples, 'sample')
    }
    await takeLeast()
    source.quiet()
    const last = await ask('end')
    const growth = (of: readonly Sample[], bytes: (answer: SoakAnswer) => number) =>
      slopePerHour(of.map(({ hour, answer }) => ({ hour, value: bytes(answer) / MB })))
    const hours = ((performance.now() - startMs) * speed) / 3_600_000
    const quarter = Math.ceil(samples.length / 4)
    report({
      row: 'SOAK',
      title: 'many reloads with faults',
      method: `${source.reloads()} reloads over ${streams} streams of 4 s segments, time ${speed} times as fast for the recorder: cut bodies, 404, 500, resets, web pages, stale copies, sequence resets, jumps, EXT-X-GAP. Hours are those of the recorder; the first ${WARM_UP * 100} % of the reloads warm up, and count for nothing. The index grows by about 41 bytes a row, ${((last.rows * ROW_BYTES) / MB / hours).toFixed(2)} MB an hour, in steps of 4096 rows a stream. Descriptors come and go with what is under way: the medians of the last and of the first quarter are compared. ${last.segments} segments stored, ${last.gaps} in gap rows.`,
      measurements: [
        {
          work: 'growth of resident memory',
          unit: 'MB/h',
          vsr: growth(samples, ({ rssBytes }) => rssBytes),
          bar: { text: '< 1 MB/h', limit: 1 },
        },
        {
          work: 'growth of resident memory, garbage collected',
          unit: 'MB/h',
          vsr: growth(collected, ({ rssBytes }) => rssBytes),
        },
        {
          work: 'growth of what is in use, garbage collected',
          unit: 'MB/h',
          vsr: growth(collected, usedBytes),
          bar: { text: '< 1 MB/h', limit: 1 },
        },
        {
          work: 'of that: objects',
          unit: 'MB/h',
          vsr: growth(collected, ({ heapBytes }) => heapBytes),
        },
        {
          work: 'of that: buffers, the index among them',
          unit: 'MB/h',
          vsr: growth(collected, ({ bufferBytes }) => bufferBytes),
        },
        {
          work: 'descriptors more in the last quarter',
          unit: '',
          vsr: Math.max(
            0,
            usualDescriptors(samples.slice(-quarter)) - usualDescriptors(samples.slice(0, quarter)),
          ),
          bar: { text: '+0', limit: 0 },
        },
        {
          work: 'descriptors left when all is closed',
          unit: '',
          vsr: Math.max(0, last.descriptors),
          bar: { text: '0', limit: 0 },
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
