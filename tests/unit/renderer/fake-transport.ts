import type { ApiError } from '../../../src-preload/contract/errors'
import type { VsrEvent } from '../../../src-preload/contract/events'
import type { MethodInput, MethodName, MethodOutput } from '../../../src-preload/contract/methods'
import type { ExportJob, RecordingSummary, Timeline } from '../../../src-preload/contract/model'
import type { Reply, Transport } from '../../../src-preload/contract/transport'
import type { UploadJob } from '../../../src-preload/contract/upload'

type Answers = { [M in MethodName]?: (input: MethodInput<M>) => MethodOutput<M> | ApiError }

/** A transport whose answers the test gives, and which tells what was asked. */
export interface FakeTransport extends Transport {
  readonly calls: { method: MethodName; input: unknown }[]
  readonly answers: Answers
  emit(event: VsrEvent): void
  reconnect(): void
}

export function createFakeTransport(answers: Answers = {}): FakeTransport {
  const calls: { method: MethodName; input: unknown }[] = []
  const listeners = new Set<{ onEvent: (event: VsrEvent) => void; onReconnect?: () => void }>()
  return {
    calls,
    answers,
    invoke<M extends MethodName>(method: M, input: MethodInput<M>) {
      calls.push({ method, input })
      const answer = answers[method]?.(input)
      if (answer === undefined) throw new Error(`the test gives no answer to ${method}`)
      const reply: Reply<MethodOutput<M>> = isError(answer)
        ? { ok: false, error: answer }
        : { ok: true, value: answer }
      return Promise.resolve(reply)
    },
    subscribe(onEvent, onReconnect) {
      const listener = { onEvent, ...(onReconnect === undefined ? {} : { onReconnect }) }
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    emit(event) {
      for (const listener of listeners) listener.onEvent(event)
    },
    reconnect() {
      for (const listener of listeners) listener.onReconnect?.()
    },
  }
}

function isError(answer: unknown): answer is ApiError {
  return typeof answer === 'object' && answer !== null && 'code' in answer && 'message' in answer
}

/** Lets everything that waits on answered promises run. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve()
}

export const recordingOf = (change: Partial<RecordingSummary> = {}): RecordingSummary => ({
  id: 'rec00001',
  title: 'A stream',
  sourceUrl: 'https://example.com/live.m3u8',
  state: 'recording',
  startMs: 1_000_000,
  endMs: 1_010_000,
  durationSec: 10,
  bytes: 1000,
  segments: 5,
  gaps: 0,
  gapSec: 0,
  completeness: 1,
  live: true,
  pinned: false,
  keepWaiting: false,
  createdMs: 1_000_000,
  ...change,
})

export const timelineOf = (change: Partial<Timeline> = {}): Timeline => ({
  id: 'rec00001',
  startMs: 1_000_000,
  endMs: 1_010_000,
  footage: [{ fromMs: 1_000_000, toMs: 1_010_000 }],
  gaps: [],
  discontinuitiesMs: [],
  spans: [],
  clocks: [{ fromMs: 1_000_000, clock: 'source' }],
  ...change,
})

export const jobOf = (change: Partial<ExportJob> = {}): ExportJob => ({
  jobId: 'job1',
  recordingId: 'rec00001',
  title: 'A stream',
  fromMs: 1_002_000,
  toMs: 1_005_000,
  format: 'mp4',
  mode: 'copy',
  state: 'queued',
  percent: 0,
  createdMs: 1,
  ...change,
})

export const uploadJobOf = (change: Partial<UploadJob> = {}): UploadJob => ({
  uploadId: 'upload1',
  exportJobId: 'job1',
  title: 'A stream',
  file: '/exports/a.mp4',
  to: 's3://bucket/clips',
  removeLocal: false,
  state: 'running',
  percent: 0,
  createdMs: 1,
  ...change,
})
