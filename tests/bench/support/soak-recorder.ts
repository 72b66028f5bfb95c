import { readdirSync } from 'node:fs'
import path from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { createHttpClient } from '../../../src-main/fetch/http-client'
import { createPlaylistParser } from '../../../src-main/hls/parse/worker-parser'
import { type Clock, systemClock } from '../../../src-main/ports/clock'
import { tuneEngine } from '../../../src-main/ports/tune-engine'
import { silentLogger } from '../../../src-main/ports/logger'
import { createRecorder } from '../../../src-main/recorder/supervisor'
import { openLibrary } from '../../../src-main/store/library'
import type { SegmentIndex } from '../../../src-main/store/model'

/** `collect` samples after a collection of garbage: what is in use. */
export type SoakOrder = 'sample' | 'collect' | 'end'

/** What the recorder's process says of itself. The counts of rows come with the end. */
export interface SoakAnswer {
  readonly rssBytes: number
  /** JavaScript's objects, with garbage that was not collected yet. */
  readonly heapBytes: number
  /** Buffers outside of its heap: the index, bodies that are under way. */
  readonly bufferBytes: number
  /** At the end: what is left of them when everything is closed, beyond those before anything was opened. */
  readonly descriptors: number
  readonly loopDelayP99Ms: number
  readonly rows: number
  readonly segments: number
  readonly gaps: number
  readonly unexplained: number
  readonly twice: number
}

const RESOLUTION_MS = 20

/** Time that runs faster: everything that waits by this clock waits shorter. */
function fastClock(speed: number): Clock {
  const originMs = Date.now()
  const monotonicMs = () => systemClock.monotonicMs() * speed
  const startMs = monotonicMs()
  return {
    ...systemClock,
    monotonicMs,
    nowMs: () => Math.round(originMs + monotonicMs() - startMs),
    sleep: (ms, signal) => systemClock.sleep(ms / speed, signal),
    after: (ms, action) => systemClock.after(ms / speed, action),
  }
}

const countDescriptors = () => readdirSync('/proc/self/fd').length

/** Goes through a log: each number of an epoch has to be there once, stored or in a gap row. */
function audit(index: SegmentIndex) {
  const sums = { rows: index.length, segments: 0, gaps: 0, unexplained: 0, twice: 0 }
  let epoch = -1
  let next = 0
  for (let at = 0; at < index.length; at += 1) {
    const row = index.rowAt(at)
    if (row.kind !== 'segment' && row.kind !== 'gap') continue
    const count = row.kind === 'gap' ? row.count : 1
    if (row.kind === 'gap') sums.gaps += count
    else sums.segments += 1
    if (row.epoch === epoch) {
      sums.unexplained += Math.max(0, row.mediaSequence - next)
      sums.twice += Math.max(0, next - row.mediaSequence)
    }
    epoch = row.epoch
    next = row.mediaSequence + count
  }
  return sums
}

/** The recorder of the soak, in a process of its own. Answers orders until it is told to end. */
export async function runSoakRecorder(options: {
  readonly urls: readonly string[]
  readonly speed: number
  readonly root: string
}): Promise<void> {
  tuneEngine()
  const descriptorsBefore = countDescriptors()
  const clock = fastClock(options.speed)
  const logger = silentLogger
  const library = await openLibrary({ root: options.root, mode: 'write', clock, logger })
  const http = createHttpClient()
  const parser = createPlaylistParser({ workerFile: path.resolve('out/main/parser-worker.js') })
  const random = Math.random
  const shared = { library, http, parser, clock, random, logger }
  const recorder = createRecorder({ ...shared, parallelDownloads: () => 3 })
  const meta = { title: 'Soak', sourceUrl: '', state: 'recording', live: true } as const
  for (const playlistUrl of options.urls) {
    const recording = await library.create({ ...meta, keepWaiting: false })
    const source = { playlistUrl, headers: {}, title: 'Soak', allowPrivateNetwork: true }
    recorder.start({ recording, quality: 'best', resolve: async () => source, source })
  }
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  delay.enable()
  const sample = () => {
    const { rss, heapUsed, arrayBuffers } = process.memoryUsage()
    return {
      rssBytes: rss,
      heapBytes: heapUsed,
      bufferBytes: arrayBuffers,
      descriptors: countDescriptors(),
      loopDelayP99Ms: Math.max(0, delay.percentile(99) / 1e6 - RESOLUTION_MS),
    }
  }
  const none = { rows: 0, segments: 0, gaps: 0, unexplained: 0, twice: 0 }
  const end = async (): Promise<SoakAnswer> => {
    const last = sample()
    const sums = { ...none }
    for (const recording of library.list()) {
      await recorder.stop(recording.id)
      for (const track of await recording.tracks()) {
        const found = audit(track.index)
        for (const key of Object.keys(none) as (keyof typeof none)[]) sums[key] += found[key]
      }
    }
    await recorder.close()
    http.close()
    await parser.close()
    await library.close()
    return { ...last, ...sums, descriptors: countDescriptors() - descriptorsBefore }
  }
  process.on('message', (order: SoakOrder) => {
    if (order === 'collect') globalThis.gc?.()
    if (order !== 'end') process.send?.({ ...sample(), ...none })
    else void end().then((answer) => process.send?.(answer, () => process.disconnect()))
  })
  process.send?.('ready')
}
