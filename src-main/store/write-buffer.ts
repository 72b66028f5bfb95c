import { crc32 } from 'node:zlib'

/** Small chunks are gathered into writes of this size: each write goes through another thread, and to wake that costs more CPU than the bytes. */
const BUFFER_BYTES = 256 * 1024
const KEPT_BUFFERS = 8

/** Buffers that are used again, so that a stream does not cost the collector a buffer per segment. */
export interface BufferPool {
  take(): Buffer
  give(buffer: Buffer): void
}

export function createBufferPool(): BufferPool {
  const free: Buffer[] = []
  return {
    take: () => free.pop() ?? Buffer.allocUnsafeSlow(BUFFER_BYTES),
    give(buffer) {
      if (free.length < KEPT_BUFFERS) free.push(buffer)
    },
  }
}

export interface WriteBuffer {
  /** Bytes taken so far, and their CRC-32. */
  readonly bytes: number
  readonly checksum: number
  /** Takes a copy of `chunk`; resolves when there is room for more. Call again only after that. */
  write(chunk: Uint8Array): Promise<void>
  /** Hands the rest on and gives the memory back. */
  flush(): Promise<void>
}

/** Gathers chunks into large writes and computes the checksum on the way, while the bytes are in the cache anyway. */
export function createWriteBuffer(options: {
  readonly pool: BufferPool
  readonly write: (data: Uint8Array) => Promise<void>
}): WriteBuffer {
  const { pool, write } = options
  let buffer: Buffer | undefined
  let used = 0
  let bytes = 0
  let checksum = 0

  const drain = async (): Promise<void> => {
    if (buffer === undefined || used === 0) return
    await write(buffer.subarray(0, used))
    used = 0
  }

  return {
    get bytes() {
      return bytes
    },
    get checksum() {
      return checksum
    },
    async write(chunk) {
      checksum = crc32(chunk, checksum)
      bytes += chunk.length
      if (used + chunk.length > BUFFER_BYTES) await drain()
      if (chunk.length >= BUFFER_BYTES) {
        await write(chunk)
        return
      }
      buffer ??= pool.take()
      buffer.set(chunk, used)
      used += chunk.length
    },
    async flush() {
      try {
        await drain()
      } finally {
        if (buffer !== undefined) pool.give(buffer)
        buffer = undefined
        used = 0
      }
    },
  }
}
