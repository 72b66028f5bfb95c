import { crc32 } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { createBufferPool, createWriteBuffer } from '../../../src-main/store/write-buffer'

const KB = 1024

/** A buffer over a disk that writes when the test says so. */
function openBuffer(blockBytes = 1) {
  const writes: { data: Buffer; resolve: () => void; reject: (error: Error) => void }[] = []
  const buffer = createWriteBuffer({
    pool: createBufferPool(),
    blockBytes,
    write: (data) =>
      new Promise((resolve, reject) => {
        writes.push({ data: Buffer.from(data), resolve, reject })
      }),
  })
  /** Lets everything be written that comes to the disk. */
  const flow = async (until: Promise<unknown>) => {
    let isOver = false
    const over = until.finally(() => {
      isOver = true
    })
    for (let done = 0; !isOver; ) {
      for (; done < writes.length; done += 1) writes[done]?.resolve()
      await Promise.resolve()
    }
    return await over
  }
  return { buffer, writes, flow }
}

describe('the write buffer', () => {
  it.each([100, 64 * KB, 300 * KB, 2000 * KB])(
    'keeps every byte, in chunks of %i',
    async (size) => {
      const { buffer, writes, flow } = openBuffer()
      const body = Buffer.from(Uint8Array.from({ length: 2000 * KB }, (_, at) => (at * 7) % 251))
      for (let at = 0; at < body.length; at += size) {
        const wait = buffer.write(body.subarray(at, at + size))
        if (wait !== undefined) await flow(wait)
      }
      await flow(buffer.flush())
      expect(Buffer.concat(writes.map(({ data }) => data)).equals(body)).toBe(true)
      expect(buffer.bytes).toBe(body.length)
      expect(buffer.checksum).toBe(crc32(body))
    },
  )

  it('fills the last block up with zeros, never with what the memory held before', async () => {
    const { buffer, writes, flow } = openBuffer(4 * KB)
    void buffer.write(Buffer.alloc(512 * KB, 1))
    void buffer.write(Buffer.alloc(5 * KB, 2))
    await flow(buffer.flush())
    const whole = Buffer.alloc((512 + 8) * KB)
    whole.fill(1, 0, 512 * KB).fill(2, 512 * KB, 517 * KB)
    expect(Buffer.concat(writes.map(({ data }) => data)).equals(whole)).toBe(true)
    expect(buffer.bytes).toBe(517 * KB)
    expect(buffer.checksum).toBe(crc32(whole.subarray(0, 517 * KB)))
  })

  it('lets its source go on while one buffer is written, and wait while two are', async () => {
    const { buffer, writes, flow } = openBuffer()
    expect(buffer.write(Buffer.alloc(512 * KB))).toBeUndefined()
    const wait = buffer.write(Buffer.alloc(512 * KB))
    expect(wait).toBeInstanceOf(Promise)
    await Promise.resolve()
    expect(writes).toHaveLength(1)
    await flow(wait ?? Promise.resolve())
    expect(buffer.write(Buffer.alloc(1))).toBeUndefined()
  })

  it('tells of a failed write at the end at the latest, and writes nothing behind it', async () => {
    const { buffer, writes } = openBuffer()
    void buffer.write(Buffer.alloc(600 * KB))
    await Promise.resolve()
    writes[0]?.reject(new Error('disk full'))
    await expect(buffer.flush()).rejects.toThrow('disk full')
    expect(writes).toHaveLength(1)
  })
})
