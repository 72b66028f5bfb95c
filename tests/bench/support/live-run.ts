import { rmSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { waitUntil } from '../../support/wait-until'
import { startBenchOrigin, type BenchOrigin } from './bench-origin'
import type { LiveRecorder, RecorderOptions, VsrRecorder } from './live-recorders'
import { type LivePlaylists, startLivePlaylists } from './live-playlists'
import { treeCpuSec, treePssBytes } from './process-usage'
import { corpusDir } from './report'
import type { SegmentCorpus } from './segment-corpus'

/** After the first segments: what was listed at the start has been fetched by then. */
const SETTLE_MS = 8000
const START_DEADLINE_MS = 180_000

export interface LiveRunOptions {
  readonly corpus: SegmentCorpus
  readonly streams: number
  /** What is counted. */
  readonly seconds: number
  /** Of VSR: recorded before that, and after its first `seconds`. */
  readonly warmUpSeconds: number
}

export interface LiveFigures {
  readonly cpuSecPerStreamHour: number
  readonly pssBytes: number
}

/** A live source for some streams and an empty folder; both gone when `work` has ended. */
async function withSource<T>(
  { corpus, streams }: LiveRunOptions,
  work: (source: {
    readonly origin: BenchOrigin
    readonly playlists: LivePlaylists
    readonly options: RecorderOptions
  }) => Promise<T>,
): Promise<T> {
  const dir = path.join(corpusDir, 'live-record.work')
  rmSync(dir, { recursive: true, force: true })
  const served = path.join(dir, 'served')
  const playlists = startLivePlaylists({ corpus, dir: served, segmentsUrl: '/segments/', streams })
  const origin = await startBenchOrigin({ dir: served, segmentsDir: corpus.dir, work: dir })
  const urls = Array.from({ length: streams }, (_, at) => `${origin.url}${playlists.pathOf(at)}`)
  try {
    return await work({ origin, playlists, options: { urls, work: path.join(dir, 'recorded') } })
  } finally {
    playlists.stop()
    await origin.stop()
    rmSync(dir, { recursive: true, force: true })
  }
}

/** Waits until all streams are recorded and their start is over. */
async function started(recorder: LiveRecorder, { streams }: LiveRunOptions): Promise<void> {
  await waitUntil({
    what: `${streams} streams to be recorded`,
    check: () => recorder.isRecording(),
    deadlineMs: START_DEADLINE_MS,
  })
  await delay(SETTLE_MS)
}

/** Records for a while: CPU time of that while, memory at its end. */
async function measure(
  recorder: LiveRecorder,
  { streams, seconds }: LiveRunOptions,
): Promise<LiveFigures> {
  const beganMs = performance.now()
  const before = treeCpuSec(recorder.pids)
  await delay(seconds * 1000)
  const cpuSec = treeCpuSec(recorder.pids) - before
  const hours = (performance.now() - beganMs) / 3_600_000
  const pssBytes = treePssBytes(recorder.pids)
  recorder.isRecording()
  return { cpuSecPerStreamHour: cpuSec / hours / streams, pssBytes }
}

/** One run of a program that VSR is compared with. */
export const runPeer = (
  options: LiveRunOptions,
  start: (options: RecorderOptions) => Promise<LiveRecorder>,
): Promise<LiveFigures> =>
  withSource(options, async (source) => {
    const recorder = await start(source.options)
    try {
      await started(recorder, options)
      return await measure(recorder, options)
    } finally {
      await recorder.stop()
    }
  })

export interface VsrFigures extends LiveFigures {
  /** Right after the start, while V8 still learns what is worth compiling. */
  readonly firstCpuSecPerStreamHour: number
  readonly idlePssBytes: number
  readonly loopDelayP99Ms: number
  /** From the answer that listed a segment first to its row being durable and announced. */
  readonly commitMs: readonly number[]
  /** From the moment the origin listed it; includes the wait for the next reload. */
  readonly behindSourceMs: readonly number[]
}

const LOOP_DELAY = 'vsr_event_loop_delay_seconds{quantile="0.99"}'

/** One run of VSR. @throws Error where anything is missing from the recordings. */
export const runVsr = (
  options: LiveRunOptions,
  start: (
    options: RecorderOptions & { readonly onIdle: (pssBytes: number) => void },
  ) => Promise<VsrRecorder>,
): Promise<VsrFigures> =>
  withSource(options, async ({ origin, playlists, options: recorderOptions }) => {
    let idlePssBytes = Number.NaN
    const onIdle = (pssBytes: number): void => {
      idlePssBytes = pssBytes
    }
    const recorder = await start({ ...recorderOptions, onIdle })
    try {
      const { server } = recorder
      await started(recorder, options)
      const first = await measure(recorder, options)
      await delay(options.warmUpSeconds * 1000)
      // From here on: each look begins a new count.
      await server.metric(LOOP_DELAY)
      const figures = await measure(recorder, options)
      const loopDelayP99Ms = (await server.metric(LOOP_DELAY)) * 1000
      const { gaps } = await server
        .call('recordings.list', {})
        .then((all) => ({ gaps: all.reduce((sum, recording) => sum + recording.gaps, 0) }))
      if (gaps > 0) throw new Error(`${gaps} gaps where the source was whole`)
      const latencies: Latency[] = []
      for (const [stream, id] of recorder.ids.entries()) {
        const { epochs } = await server.call('recordings.get', { id })
        const firstSequence = epochs[0]?.firstMediaSequence ?? Number.NaN
        const announced = recorder.announced.get(id) ?? []
        latencies.push(
          ...latenciesOf({ announced, first: firstSequence, origin, playlists, stream }),
        )
      }
      return {
        ...figures,
        firstCpuSecPerStreamHour: first.cpuSecPerStreamHour,
        idlePssBytes,
        loopDelayP99Ms,
        commitMs: latencies.map(({ commitMs }) => commitMs),
        behindSourceMs: latencies.map(({ behindSourceMs }) => behindSourceMs),
      }
    } finally {
      await recorder.stop()
    }
  })

/** The first of them were listed before the recording began, and are left out. */
const FIRST_LISTED = 3

interface Latency {
  readonly commitMs: number
  readonly behindSourceMs: number
}

/** @param options.first media sequence number of the recording's first segment. */
function latenciesOf(options: {
  readonly announced: readonly { readonly segments: number; readonly atMs: number }[]
  readonly first: number
  readonly origin: BenchOrigin
  readonly playlists: LivePlaylists
  readonly stream: number
}): Latency[] {
  const { announced, first, origin, playlists, stream } = options
  const reloads = origin
    .requests()
    .filter((request) => request.path === `/${playlists.pathOf(stream)}`)
    .map(({ atMs }) => atMs)
  return announced.flatMap(({ segments, atMs }) => {
    if (segments <= FIRST_LISTED) return []
    const listedAtMs = playlists.listedAtMs(stream, first + segments - 1)
    const answeredAtMs = reloads.find((reloadMs) => reloadMs >= (listedAtMs ?? Infinity))
    if (listedAtMs === undefined || answeredAtMs === undefined) {
      throw new Error(`segment ${first + segments - 1} of stream ${stream} was never listed`)
    }
    return [{ commitMs: Math.max(0, atMs - answeredAtMs), behindSourceMs: atMs - listedAtMs }]
  })
}
