import { describe, expect, it } from 'vitest'
import { createJobQueue } from '../../../src-main/export/job-queue'
import { openKeptExports } from '../../../src-main/export/kept-exports'
import { silentLogger } from '../../../src-main/ports/logger'
import type { ExportJob } from '../../../src-preload/contract/model'
import { createFakeClock } from '../../support/fake-clock'
import { createMemoryFilePort, type MemoryFilePort } from '../../support/memory-file-port'

const file = '/library/exports.json'
const open = (files: MemoryFilePort, mode: 'write' | 'read' = 'write') =>
  openKeptExports({ file, mode, logger: silentLogger, files })
const disk = () => {
  const files = createMemoryFilePort()
  files.poke('/library/.keep', Buffer.alloc(0))
  return files
}
const jobOf = (number: number, more: Partial<ExportJob> = {}): ExportJob => ({
  jobId: `job${number}`,
  recordingId: 'rec00001',
  title: 'A stream',
  fromMs: 1000,
  toMs: 5000,
  format: 'mp4',
  mode: 'copy',
  state: 'done',
  percent: 100,
  createdMs: number,
  result: {
    file: `/exports/${number}.mp4`,
    startMs: 1000,
    durationSec: 4,
    bytes: 1,
    mode: 'copy',
    gapsSkippedSec: 0,
  },
  ...more,
})

describe('finished exports', () => {
  it('are listed after a restart, the newest 200', async () => {
    const files = disk()
    const kept = await open(files)
    await kept.add(jobOf(1))
    await kept.add(jobOf(2))
    expect((await open(files.crash('unsynced-lost'))).list()).toEqual([jobOf(1), jobOf(2)])
    for (let number = 3; number <= 250; number += 1) await kept.add(jobOf(number))
    expect((await open(files)).list().map(({ jobId }) => jobId)).toHaveLength(200)
  })

  it('are in the queue of the next process, newest first, and can be asked for', async () => {
    const queue = createJobQueue({
      clock: createFakeClock({ nowMs: 0 }),
      logger: silentLogger,
      finished: [jobOf(1), jobOf(2)],
    })
    expect(queue.list().map(({ jobId }) => jobId)).toEqual(['job2', 'job1'])
    expect(queue.get('job1')).toEqual(jobOf(1))
    expect(await queue.cancel('job1')).toEqual(jobOf(1))
    await queue.close()
  })

  it('are nothing where the file is broken, or names what no export made', async () => {
    const files = disk()
    files.poke(file, Buffer.from('{'))
    expect((await open(files)).list()).toEqual([])
    const foreign = { ...jobOf(1), result: { ...jobOf(1).result, file: '/etc/passwd' } }
    const text = JSON.stringify({ jobs: [foreign, jobOf(2, { state: 'failed' }), jobOf(3)] })
    files.poke(file, Buffer.from(text))
    expect((await open(files)).list()).toEqual([jobOf(3)])
  })

  it('are not written by a process that only reads', async () => {
    const files = disk()
    await (await open(files, 'read')).add(jobOf(1))
    expect(files.peek(file)).toBeUndefined()
  })
})
