import { describe, expect, it } from 'vitest'
import { silentLogger } from '../../../src-main/ports/logger'
import { openKeptUploads } from '../../../src-main/upload/kept-uploads'
import type { Uploaded } from '../../../src-main/upload/upload-file'
import type { UploadOnceRequest } from '../../../src-main/upload/upload-once'
import { createUploadQueue, type NewUpload } from '../../../src-main/upload/upload-queue'
import { VsrError } from '../../../src-preload/contract/errors'
import type { UploadJob } from '../../../src-preload/contract/upload'
import { createFakeClock } from '../../support/fake-clock'
import { createMemoryFilePort, type MemoryFilePort } from '../../support/memory-file-port'

const file = '/library/uploads.json'
const wanted = (number: number, more: Partial<NewUpload> = {}): NewUpload => ({
  exportJobId: `export${number}`,
  title: 'A title',
  file: `/exports/${number}.mp4`,
  to: 's3://bucket/clips',
  removeLocal: false,
  ...more,
})

interface Running {
  readonly request: UploadOnceRequest
  arrive(localRemoved?: boolean): void
  fail(error: Error): void
}

/** A queue on a disk of its own, whose uploads end when the test says so. */
async function openQueue(files = emptyDisk(), mode: 'write' | 'read' = 'write') {
  const clock = createFakeClock()
  const running: Running[] = []
  const kept = await openKeptUploads({ file, mode, logger: silentLogger, files })
  const queue = createUploadQueue({
    kept,
    clock,
    logger: silentLogger,
    upload: (request) =>
      new Promise<Uploaded>((resolve, reject) => {
        const address = `${request.to}/file.mp4`
        running.push({
          request,
          arrive: (localRemoved = false) =>
            resolve({ address, bytes: 1, bytesBefore: 0, localRemoved }),
          fail: reject,
        })
        request.signal.addEventListener('abort', () => reject(new VsrError('cancelled', 'x')))
      }),
  })
  const seen: string[] = []
  queue.onUpdate(({ exportJobId, state }) => seen.push(`${exportJobId} ${state}`))
  return { queue, running, seen, files, settle: () => clock.settle() }
}

function emptyDisk(): MemoryFilePort {
  const files = createMemoryFilePort()
  files.poke('/library/.keep', Buffer.alloc(0))
  return files
}

const statesOf = (jobs: readonly UploadJob[]) => jobs.map(({ state }) => state)

describe('the queue of uploads', () => {
  it('sends one after the other, and says how far each is', async () => {
    const { queue, running, seen, settle } = await openQueue()
    const first = queue.add(wanted(1))
    queue.add(wanted(2))
    await settle()
    expect(running).toHaveLength(1)
    running[0]?.request.onProgress?.(40)
    expect(queue.get(first.uploadId)).toMatchObject({ state: 'running', percent: 40 })
    const busy = new VsrError('upload_store_failed', 'The store is busy.')
    running[0]?.request.onTrouble?.(busy, 1000)
    expect(queue.get(first.uploadId).trouble).toMatchObject({ code: 'upload_store_failed' })
    running[0]?.arrive(true)
    await settle()
    expect(queue.get(first.uploadId)).toMatchObject({
      state: 'done',
      percent: 100,
      address: 's3://bucket/clips/file.mp4',
      localRemoved: true,
    })
    expect(queue.get(first.uploadId).trouble).toBeUndefined()
    expect(running).toHaveLength(2)
    expect(seen.filter((line) => line === 'export2 running')).toHaveLength(1)
  })

  it('sends nothing twice that waits, runs or is there', async () => {
    const { queue, running, settle } = await openQueue()
    const first = queue.add(wanted(1))
    expect(queue.add(wanted(1)).uploadId).toBe(first.uploadId)
    await settle()
    running[0]?.arrive()
    await settle()
    expect(queue.add(wanted(1)).uploadId).toBe(first.uploadId)
    expect(queue.add(wanted(1, { to: 's3://bucket/other' })).uploadId).not.toBe(first.uploadId)
  })

  it('cancels what waits and what runs, and tries again when asked', async () => {
    const { queue, running, settle } = await openQueue()
    const first = queue.add(wanted(1))
    const second = queue.add(wanted(2))
    await settle()
    expect(await queue.cancel(second.uploadId)).toMatchObject({ state: 'cancelled' })
    expect(await queue.cancel(first.uploadId)).toMatchObject({ state: 'cancelled' })
    await settle()
    expect(running).toHaveLength(1)
    expect(queue.retry(first.uploadId).state).toBe('running')
    running[1]?.fail(new VsrError('upload_refused', 'No.', { hint: 'Ask.' }))
    await settle()
    expect(queue.get(first.uploadId)).toMatchObject({
      state: 'failed',
      error: { code: 'upload_refused', message: 'No.', hint: 'Ask.' },
    })
    const elsewhere = queue.retry(first.uploadId, { to: 's3://bucket/elsewhere' })
    expect(elsewhere).toMatchObject({ to: 's3://bucket/elsewhere', state: 'running' })
    expect(elsewhere.error).toBeUndefined()
    await expect(queue.cancel('none')).rejects.toMatchObject({ code: 'upload_not_found' })
  })

  it('says nothing of a bug but that it was one', async () => {
    const { queue, running, settle } = await openQueue()
    const { uploadId } = queue.add(wanted(1))
    await settle()
    running[0]?.fail(new TypeError('secret inside'))
    await settle()
    expect(queue.get(uploadId).error?.code).toBe('internal')
    expect(JSON.stringify(queue.list())).not.toContain('secret inside')
  })
})

describe('F52 after a restart', () => {
  it('what ran and what waited goes on, and what was done is listed', async () => {
    const { queue, running, files, settle } = await openQueue()
    queue.add(wanted(1))
    await settle()
    running[0]?.arrive()
    await settle()
    queue.add(wanted(2, { endpoint: 'https://nas:9000', removeLocal: true }))
    queue.add(wanted(3))
    await settle()
    await queue.close()
    expect(running[1]?.request.signal.aborted).toBe(true)

    const next = await openQueue(files.crash('unsynced-lost'))
    expect(statesOf(next.queue.list())).toEqual(['queued', 'queued', 'done'])
    expect(next.running).toEqual([])
    next.queue.start()
    await next.settle()
    expect(next.running[0]?.request).toMatchObject({
      file: '/exports/2.mp4',
      to: 's3://bucket/clips',
      endpoint: 'https://nas:9000',
      removeLocal: true,
    })
  })

  it('what was killed goes on, too', async () => {
    const { queue, files, settle } = await openQueue()
    queue.add(wanted(1))
    await settle()
    const next = await openQueue(files.crash('unsynced-lost'))
    next.queue.start()
    await next.settle()
    expect(next.running).toHaveLength(1)
  })

  it('a file that is broken costs the list, and nothing else', async () => {
    const files = emptyDisk()
    files.poke(file, Buffer.from('{"uploads": [{}]}'))
    const { queue } = await openQueue(files)
    expect(queue.list()).toEqual([])
    expect(files.peek(`${file}.bad`)).toBeDefined()
  })

  it('the oldest that are over make room; what waits never does', async () => {
    const { queue, files, settle } = await openQueue()
    const waiting = queue.add(wanted(0))
    for (let number = 1; number <= 210; number += 1) {
      await queue.cancel(queue.add(wanted(number)).uploadId)
    }
    await settle()
    await queue.close()
    const list = (await openQueue(files)).queue.list()
    expect(list).toHaveLength(201)
    expect(list.at(-1)?.uploadId).toBe(waiting.uploadId)
  })
})
