import { describe, expect, it } from 'vitest'
import { createJobQueue, type JobRun } from '../../../src-main/export/job-queue'
import { silentLogger } from '../../../src-main/ports/logger'
import { type ErrorCode, VsrError } from '../../../src-preload/contract/errors'
import type { ExportJob, ExportResult } from '../../../src-preload/contract/model'

const clock = {
  nowMs: () => 0,
  monotonicMs: () => 0,
  sleep: () => Promise.resolve(),
  after: () => () => {},
}
const result: ExportResult = {
  file: '/x.mp4',
  startMs: 0,
  durationSec: 1,
  bytes: 1,
  mode: 'copy',
  gapsSkippedSec: 0,
}
const jobOf = (jobId: string): ExportJob => ({
  jobId,
  recordingId: 'abcdefgh',
  title: 't',
  fromMs: 0,
  toMs: 1000,
  format: 'mp4',
  mode: 'copy',
  state: 'queued',
  percent: 0,
  createdMs: 0,
})

/** Work that ends when the test says so, or when it is cancelled. */
function manualWork() {
  const runs: (JobRun & { finish(): void; fail(err: unknown): void })[] = []
  const work = (run: JobRun) =>
    new Promise<ExportResult>((resolve, reject) => {
      run.signal.addEventListener('abort', () => reject(new VsrError('cancelled', 'x')))
      runs.push({ ...run, finish: () => resolve(result), fail: reject })
    })
  return { runs, work }
}
const settled = () => new Promise((resolve) => setImmediate(resolve))

describe('createJobQueue', () => {
  it('runs two at once, the others in the order they came', async () => {
    const queue = createJobQueue({ clock, logger: silentLogger })
    const { runs, work } = manualWork()
    for (const id of ['a', 'b', 'c', 'd']) queue.add(jobOf(id), work)
    const states = () => queue.list().map((job) => `${job.jobId} ${job.state}`)
    expect(states()).toEqual(['d queued', 'c queued', 'b running', 'a running'])
    runs[1]?.finish()
    await settled()
    expect(states()).toEqual(['d queued', 'c running', 'b done', 'a running'])
    await queue.close()
    expect(states()).toEqual(['d cancelled', 'c cancelled', 'b done', 'a cancelled'])
  })

  it('cancels what waits and what runs; what is over stays as it is', async () => {
    const queue = createJobQueue({ clock, logger: silentLogger })
    const { runs, work } = manualWork()
    for (const id of ['a', 'b', 'c']) queue.add(jobOf(id), work)
    expect((await queue.cancel('c')).state).toBe('cancelled')
    expect((await queue.cancel('a')).state).toBe('cancelled')
    expect(runs).toHaveLength(2)
    runs[1]?.finish()
    await settled()
    expect((await queue.cancel('b')).state).toBe('done')
  })

  it('keeps the sentence of an expected failure, and hides the rest', async () => {
    const queue = createJobQueue({ clock, logger: silentLogger })
    const { runs, work } = manualWork()
    queue.add(jobOf('a'), work)
    queue.add(jobOf('b'), work)
    const code: ErrorCode = 'disk_full'
    runs[0]?.fail(new VsrError(code, 'The disk is full.'))
    runs[1]?.fail(new TypeError('secret detail'))
    await settled()
    expect(queue.get('a').error).toEqual({ code, message: 'The disk is full.' })
    expect(queue.get('b').error?.code).toBe('internal')
    expect(JSON.stringify(queue.get('b'))).not.toContain('secret detail')
  })

  it('remembers the newest 200 that are over', async () => {
    const queue = createJobQueue({ clock, logger: silentLogger })
    for (let number = 0; number < 250; number += 1) {
      queue.add(jobOf(`j${number}`), () => Promise.resolve(result))
    }
    await settled()
    await expect.poll(() => queue.list().length).toBe(200)
    expect(queue.list()[0]?.jobId).toBe('j249')
    expect(() => queue.get('j0')).toThrow(expect.objectContaining({ code: 'export_not_found' }))
  })

  it('tells listeners of each change until they leave', async () => {
    const queue = createJobQueue({ clock, logger: silentLogger })
    const seen: string[] = []
    const leave = queue.onUpdate((job) => seen.push(`${job.state} ${job.percent}`))
    const { runs, work } = manualWork()
    queue.add(jobOf('a'), work)
    runs[0]?.onProgress(0.5)
    runs[0]?.onProgress(0.4)
    runs[0]?.finish()
    await settled()
    leave()
    queue.add(jobOf('b'), work)
    expect(seen).toEqual(['queued 0', 'running 0', 'running 50', 'done 100'])
  })
})
