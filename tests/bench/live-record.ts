// P1: recording of 1 to 100 live streams in real time, against one ffmpeg and one streamlink for each stream.
import { setMaxListeners } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { findTool } from '../../build/setup/find-tool.mjs'
import { benchOptions } from './support/bench-options'
import { startBareLoop, startFfmpeg, startStreamlink, startVsr } from './support/live-recorders'
import { type LiveFigures, runPeer, runVsr, type VsrFigures } from './support/live-run'
import { median, quantile } from './support/measure'
import { treePssBytes } from './support/process-usage'
import { type Measurement, report } from './support/report'
import { segmentCorpus } from './support/segment-corpus'

const MB = 1_000_000
/** The size at which peers are compared, and those between which growth is judged. */
const COMPARED = 50
const FEW = 10
const MANY = 100
/** A server that has just started is not idle yet. */
const IDLE_AFTER_MS = 3000

const options = benchOptions()
const counts = options.numbers('streams', { full: [1, 10, 50, 100], quick: [10] })
const seconds = options.number('seconds', { full: 60, quick: 12 })
const warmUpSeconds = options.number('warm-up', { full: 120, quick: 1 })
const rounds = options.number('rounds', { full: 3, quick: 1 })
// Each peer is ended with this process.
setMaxListeners(0, process)
const corpus = await segmentCorpus()
const streamlink = findTool({ name: 'streamlink' })
if (streamlink === undefined) console.error('streamlink is not installed: going on without it')

interface Runs {
  readonly vsr: VsrFigures[]
  readonly peers: Map<string, LiveFigures[]>
}

async function measureCount(streams: number): Promise<Runs> {
  const run = { corpus, streams, seconds, warmUpSeconds }
  const peers = [
    { name: 'ffmpeg', start: startFfmpeg },
    ...(streamlink === undefined
      ? []
      : [{ name: 'streamlink', start: startStreamlink(streamlink) }]),
    { name: 'bare Node loop', start: startBareLoop },
  ]
  const runs: Runs = { vsr: [], peers: new Map(peers.map(({ name }) => [name, []])) }
  for (let round = 1; round <= rounds; round += 1) {
    console.log(`${streams} streams, round ${round} of ${rounds}`)
    const vsr = await runVsr(run, ({ onIdle, ...recorder }) =>
      startVsr({
        ...recorder,
        beforeStart: async ({ pid }) => {
          await delay(IDLE_AFTER_MS)
          onIdle(treePssBytes([pid]))
        },
      }),
    )
    runs.vsr.push(vsr)
    for (const { name, start } of peers) runs.peers.get(name)?.push(await runPeer(run, start))
  }
  return runs
}

const cpu = (figures: readonly LiveFigures[]) =>
  median(figures.map(({ cpuSecPerStreamHour }) => cpuSecPerStreamHour))
const pss = (figures: readonly LiveFigures[]) => median(figures.map(({ pssBytes }) => pssBytes))

/** A ratio to a peer that has to hold at the compared size. */
function against(
  what: Pick<Measurement, 'work' | 'unit' | 'vsr'>,
  peer: { readonly name: string; readonly value: number },
  most: number | undefined,
): Measurement {
  const bar = most === undefined ? {} : { bar: { text: `<= ${most}x`, limit: most * peer.value } }
  return { ...what, peer, ...bar }
}

const cpuBars: Readonly<Record<string, number>> = { ffmpeg: 0.65, streamlink: 0.3 }
const pssBars: Readonly<Record<string, number>> = { ffmpeg: 0.35 }

const measurements: Measurement[] = []
const all = new Map<number, Runs>()
for (const streams of counts) {
  const runs = await measureCount(streams)
  all.set(streams, runs)
  const { vsr, peers } = runs
  const label = streams === 1 ? '1 stream' : `${streams} streams`
  const barOf = (bars: Readonly<Record<string, number>>, name: string) =>
    streams === COMPARED ? bars[name] : undefined
  for (const [name, figures] of peers) {
    const work = `${label}, CPU per stream and hour`
    const peer = { name, value: cpu(figures) }
    const what = { work, unit: 'CPU s' as const, vsr: cpu(vsr) }
    measurements.push(against(what, peer, barOf(cpuBars, name)))
  }
  const first = median(vsr.map(({ firstCpuSecPerStreamHour }) => firstCpuSecPerStreamHour))
  for (const [name, figures] of peers) {
    const work = `${label}, CPU per stream and hour, right after the start`
    const peer = { name, value: cpu(figures) }
    measurements.push(against({ work, unit: 'CPU s', vsr: first }, peer, undefined))
  }
  for (const [name, figures] of peers) {
    const work = `${label}, memory (PSS) per stream`
    const peer = { name, value: pss(figures) / streams / MB }
    const what = { work, unit: 'MB' as const, vsr: pss(vsr) / streams / MB }
    measurements.push(against(what, peer, barOf(pssBars, name)))
  }
  measurements.push(
    {
      work: `${label}, listed to durable, p99`,
      unit: 'ms',
      vsr: median(vsr.map(({ commitMs }) => quantile(commitMs, 0.99))),
      bar: { text: '< 1000 ms', limit: 1000 },
    },
    {
      work: `${label}, made to durable, the wait for a reload included, p50`,
      unit: 'ms',
      vsr: median(vsr.map(({ behindSourceMs }) => quantile(behindSourceMs, 0.5))),
    },
    {
      work: `${label}, event loop delay p99`,
      unit: 'ms',
      vsr: median(vsr.map(({ loopDelayP99Ms }) => loopDelayP99Ms)),
      bar: { text: '< 50 ms', limit: 50 },
    },
  )
}

const few = all.get(FEW)
const many = all.get(MANY)
if (few !== undefined && many !== undefined) {
  const what = { work: `growth: CPU per stream at ${MANY}`, unit: 'CPU s' as const }
  const peer = { name: `at ${FEW}`, value: cpu(few.vsr) }
  measurements.push(against({ ...what, vsr: cpu(many.vsr) }, peer, 1.1))
}
const idleBytes = median(
  [...all.values()].flatMap(({ vsr }) => vsr.map(({ idlePssBytes }) => idlePssBytes)),
)
measurements.push({
  work: 'idle `vsr serve`, memory (PSS)',
  unit: 'MB',
  vsr: idleBytes / MB,
  bar: { text: '<= 80 MB', limit: 80 },
})
for (const [streams, { vsr }] of all) {
  // The first stream brings what all of them share: the parser's thread, compiled code.
  if (streams < FEW) continue
  measurements.push({
    work: `memory that each of ${streams} streams adds`,
    unit: 'MB',
    vsr: (pss(vsr) - idleBytes) / streams / MB,
    bar: { text: '<= 10 MB', limit: 10 },
  })
}
report({
  row: 'P1',
  title: 'live recording',
  method: `Streams of 4 Mbit/s in real time, segments of 4 s and 2 MB from nginx on this machine; ${seconds} s counted after all of them record, medians of ${rounds} runs. VSR is counted twice, right after its start and ${warmUpSeconds} s after that, when V8 has compiled what it uses all day: the bars are about the second; peers do not change with time. VSR is one \`vsr serve\` with a client on its events; a peer is one process for each stream (\`-c copy\`, \`best\`). The bare loop reads, checks, writes and syncs as VSR does and nothing else: the floor for any recorder on Node. User and system time and proportional memory of all processes. "Listed" is the answer that listed a segment first, "durable" its announcement.`,
  measurements,
})
