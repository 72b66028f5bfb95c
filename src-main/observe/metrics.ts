import { monitorEventLoopDelay } from 'node:perf_hooks'
import { Gauge, Registry } from 'prom-client'
import type { Storage } from '../../src-preload/contract/model'
import type { LibraryTotals } from './library-totals'

/** Between two looks at the event loop. */
const LOOP_RESOLUTION_MS = 20

/**
 * By how much the event loop was late, in seconds, since it was asked last; watched from the first time on. Node counts
 * its own interval in, which is taken out here.
 */
function watchEventLoop(): () => Readonly<Record<'0.5' | '0.99' | '1', number>> {
  const delay = monitorEventLoopDelay({ resolution: LOOP_RESOLUTION_MS })
  delay.enable()
  const secondsOf = (ns: number) => Math.max(0, ns / 1e9 - LOOP_RESOLUTION_MS / 1000)
  return () => {
    const [median, high] = [delay.percentile(50), delay.percentile(99)].map(secondsOf)
    const seconds = { '0.5': median ?? 0, '0.99': high ?? 0, '1': secondsOf(delay.max) }
    delay.reset()
    return seconds
  }
}

/** Prometheus metrics of the library and this process, read when they are asked for. */
export function createMetrics(options: {
  readonly read: () => Promise<
    LibraryTotals & Pick<Storage, 'freeBytes' | 'headroomBytes' | 'trashBytes' | 'bytesPerHour'>
  >
}): {
  text(): Promise<string>
} {
  const registry = new Registry()
  const gauge = (name: string, help: string) => new Gauge({ name, help, registers: [registry] })
  const recordings = new Gauge({
    name: 'vsr_recordings',
    help: 'Recordings in the library by state.',
    labelNames: ['state'],
    registers: [registry],
  })
  const segments = gauge('vsr_stored_segments', 'Media segments stored.')
  const bytes = gauge('vsr_stored_bytes', 'Bytes of media stored.')
  const trashBytes = gauge('vsr_trash_bytes', 'Bytes of deleted recordings in the trash.')
  const free = gauge('vsr_disk_free_bytes', 'Bytes that are free on the library’s disk.')
  const headroom = gauge('vsr_disk_headroom_bytes', 'Bytes that are to stay free there.')
  const growth = gauge(
    'vsr_stored_bytes_per_hour',
    'How fast recordings grow, over the last minutes.',
  )
  const gaps = gauge('vsr_gaps', 'Gaps: stretches of media segments never obtained.')
  const gapSec = gauge('vsr_gap_seconds', 'Seconds of footage that are missing.')
  const memory = gauge('vsr_process_resident_memory_bytes', 'Resident memory of this process.')
  const cpu = gauge('vsr_process_cpu_seconds', 'User and system CPU time of this process.')
  const uptime = gauge('vsr_process_uptime_seconds', 'Time since this process started.')
  const loopDelay = new Gauge({
    name: 'vsr_event_loop_delay_seconds',
    help: 'By how much the event loop was late since the last scrape.',
    labelNames: ['quantile'],
    registers: [registry],
  })
  const loopDelaySec = watchEventLoop()
  return {
    async text() {
      const totals = await options.read()
      recordings.reset()
      for (const [state, count] of Object.entries(totals.recordingsByState)) {
        recordings.set({ state }, count)
      }
      segments.set(totals.segments)
      bytes.set(totals.bytes)
      trashBytes.set(totals.trashBytes)
      headroom.set(totals.headroomBytes)
      growth.set(totals.bytesPerHour)
      if (totals.freeBytes !== undefined) free.set(totals.freeBytes)
      gaps.set(totals.gaps)
      gapSec.set(totals.gapSec)
      const { user, system } = process.cpuUsage()
      cpu.set((user + system) / 1e6)
      memory.set(process.memoryUsage.rss())
      uptime.set(process.uptime())
      for (const [quantile, sec] of Object.entries(loopDelaySec())) {
        loopDelay.set({ quantile }, sec)
      }
      return registry.metrics()
    },
  }
}
