import { randomBytes } from 'node:crypto'
import { existsSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { silentLogger } from '../../src-main/ports/logger'
import { uploadOnce, type UploadOnceRequest } from '../../src-main/upload/upload-once'
import type { VsrError } from '../../src-preload/contract/errors'
import { type FaultProxy, startFaultProxy } from '../support/fault-proxy'
import { hastenedClock } from '../support/hastened-clock'
import { startObjectStore, type TestObjectStore } from '../support/object-store'
import { TEST_KEYS } from '../support/object-store-signature'
import { tempDirForTest } from '../support/temp-dir'

const MB = 1024 * 1024
/** Three parts of a file, two of them whole. */
const THREE_PARTS = 20 * MB

interface Bench {
  readonly store: TestObjectStore
  readonly proxy: FaultProxy
  readonly file: string
  readonly content: Buffer
  /** Codes of what failed and was tried again. */
  readonly troubles: string[]
  upload(request?: Partial<UploadOnceRequest>): ReturnType<typeof uploadOnce>
}

/** A file, a store, and what harms connections between them. */
async function openBench(bytes: number): Promise<Bench> {
  const store = await startObjectStore()
  const proxy = await startFaultProxy(store.port)
  const content = randomBytes(bytes)
  const file = path.join(tempDirForTest(), 'A title 2026-03-01.mp4')
  writeFileSync(file, content)
  const troubles: string[] = []
  const env = {
    AWS_ACCESS_KEY_ID: TEST_KEYS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: TEST_KEYS.secretAccessKey,
  }
  return {
    store,
    proxy,
    file,
    content,
    troubles,
    upload: (request = {}) =>
      uploadOnce(
        { env, clock: hastenedClock(50), random: () => 0, logger: silentLogger },
        {
          file,
          to: 's3://recordings/2026/clips',
          endpoint: proxy.url,
          removeLocal: false,
          signal: new AbortController().signal,
          onTrouble: ({ code }: VsrError) => troubles.push(code),
          ...request,
        },
      ),
  }
}

const KEY = '2026/clips/A title 2026-03-01.mp4'

it.each([0, 1000, THREE_PARTS])('a file of %i bytes arrives as it is', async (bytes) => {
  const { store, upload, content, file } = await openBench(bytes)
  const percents: number[] = []
  const uploaded = await upload({ onProgress: (percent) => percents.push(percent) })
  expect(uploaded).toEqual({
    address: `s3://recordings/${KEY}`,
    bytes,
    bytesBefore: 0,
    localRemoved: false,
  })
  expect(store.objects.get(KEY)?.equals(content)).toBe(true)
  expect(store.unfinished()).toBe(0)
  expect(existsSync(file)).toBe(true)
  if (bytes > 0) expect(percents.at(-1)).toBe(100)
})

it('what is there already is not sent again, and may leave this disk', async () => {
  const { upload, proxy, file } = await openBench(THREE_PARTS)
  await upload()
  const before = proxy.sentBytes()
  const uploaded = await upload({ removeLocal: true })
  expect(uploaded).toMatchObject({ bytesBefore: THREE_PARTS, localRemoved: true })
  expect(proxy.sentBytes() - before).toBeLessThan(10_000)
  expect(existsSync(file)).toBe(false)
})

it('another object of that name is not replaced', async () => {
  const { upload, store, file } = await openBench(1000)
  await upload()
  writeFileSync(file, randomBytes(1000))
  const kept = store.objects.get(KEY)
  await expect(upload({ removeLocal: true })).rejects.toMatchObject({
    code: 'upload_target_exists',
  })
  expect(store.objects.get(KEY)).toBe(kept)
  expect(existsSync(file)).toBe(true)
})

it('F52 a part that is cut in its middle is sent again, and nothing else is', async () => {
  const { upload, proxy, store, content, troubles } = await openBench(THREE_PARTS)
  proxy.cutAfter(12 * MB)
  await upload()
  expect(store.objects.get(KEY)?.equals(content)).toBe(true)
  expect(troubles).toEqual(['connection_failed'])
  // Half of the second part went in vain.
  expect(proxy.sentBytes()).toBeLessThan(THREE_PARTS + 5 * MB)
})

it('F52 an upload goes on an hour away from the clock of the store', async () => {
  const { upload, store, content, troubles } = await openBench(THREE_PARTS)
  store.behave.clockAheadMs = 3_600_000
  await upload()
  expect(store.objects.get(KEY)?.equals(content)).toBe(true)
  expect(troubles).toEqual(['upload_clock_skewed'])
})

it('F52 a byte that changes on the way is noticed by the store, and its part sent again', async () => {
  const { upload, proxy, store, content, troubles, file } = await openBench(THREE_PARTS)
  proxy.flipAfter(12 * MB)
  await upload({ removeLocal: true })
  expect(store.objects.get(KEY)?.equals(content)).toBe(true)
  expect(troubles).toEqual(['upload_damaged'])
  expect(existsSync(file)).toBe(false)
})

const flipFirst = (body: Buffer) =>
  Buffer.concat([Buffer.from([body.readUInt8(0) ^ 1]), body.subarray(1)])

it.each([
  ['content', 1000, flipFirst],
  ['content of a part', THREE_PARTS, flipFirst],
  ['size', 1000, (body: Buffer) => body.subarray(1)],
] as const)(
  'F52 wrong %s at the other end: the file stays here, that is said, and it is sent again',
  async (_, bytes, damage) => {
    const { upload, store, content, troubles, file } = await openBench(bytes)
    let times = 0
    store.behave.damage = (body) => {
      times += 1
      return times === 1 ? damage(body) : body
    }
    const wasThere: boolean[] = []
    await upload({
      removeLocal: true,
      onTrouble: ({ code }) => {
        troubles.push(code)
        wasThere.push(existsSync(file))
      },
    })
    expect(troubles).toEqual(['upload_damaged'])
    expect(wasThere).toEqual([true])
    expect(store.objects.get(KEY)?.equals(content)).toBe(true)
    expect(existsSync(file)).toBe(false)
  },
)

it('F52 a store that keeps nothing as it was sent never makes the file leave', async () => {
  const { upload, store, file, troubles } = await openBench(1000)
  store.behave.damage = flipFirst
  await expect(upload({ removeLocal: true })).rejects.toMatchObject({ code: 'upload_damaged' })
  expect(troubles.length).toBeGreaterThan(1)
  expect(existsSync(file)).toBe(true)
})

it('F52 where a store names objects by something else, they are read back', async () => {
  const { upload, store, file, troubles } = await openBench(THREE_PARTS)
  store.behave.opaqueTags = true
  await upload()
  expect(store.requests.filter((line) => line.startsWith('GET 2026'))).toHaveLength(1)
  // The last byte of all of them.
  store.objects.get(KEY)?.writeUInt8(0, THREE_PARTS - 1)
  await expect(upload({ removeLocal: true })).rejects.toMatchObject({
    code: 'upload_target_exists',
  })
  expect(troubles).toEqual([])
  expect(existsSync(file)).toBe(true)
})

it('a store that is busy is asked again, one that refuses is not', async () => {
  const { upload, store, troubles } = await openBench(1000)
  store.behave.failNext = { times: 2, status: 503, code: 'SlowDown' }
  await upload()
  expect(troubles).toEqual(['upload_store_failed', 'upload_store_failed'])
  store.behave.failNext = { times: 9, status: 403, code: 'AccessDenied' }
  await expect(upload()).rejects.toMatchObject({ code: 'upload_refused' })
  expect(store.behave.failNext.times).toBe(8)
})

it('a bucket that is not there, and keys that are none, are said in words', async () => {
  const { upload } = await openBench(1000)
  await expect(upload({ to: 's3://elsewhere/clips' })).rejects.toMatchObject({
    code: 'upload_target_missing',
    message: expect.stringContaining('elsewhere') as string,
  })
  await expect(upload({ to: 's3:///clips' })).rejects.toMatchObject({ code: 'bad_request' })
})

it('an upload that is cancelled says so, and the next one goes on behind it', async () => {
  const { upload, store, proxy, content } = await openBench(THREE_PARTS)
  const cancelling = new AbortController()
  const held = proxy.holdAfter(17 * MB)
  const cancelled = upload({ signal: cancelling.signal })
  await held
  cancelling.abort()
  await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' })
  proxy.breakHeld()
  expect(await upload()).toMatchObject({ bytesBefore: 16 * MB })
  expect(store.objects.get(KEY)?.equals(content)).toBe(true)
})

it('a file that is written to meanwhile stays', async () => {
  const { upload, file, proxy } = await openBench(THREE_PARTS)
  const held = proxy.holdAfter(12 * MB)
  const uploading = upload({ removeLocal: true })
  await held
  writeFileSync(file, 'shorter')
  proxy.goOn()
  await expect(uploading).rejects.toMatchObject({ code: 'upload_file_changed' })
  expect(existsSync(file)).toBe(true)
})
