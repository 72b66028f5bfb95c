import { open } from 'node:fs/promises'

const OWNER = 'com.apple.streaming.transportStreamTimestamp\0'
const TICKS_PER_SEC = 90_000
/** The tag stands at the very beginning and holds little else. */
const HEAD_BYTES = 4096
const HEADER_BYTES = 10

/**
 * When a stored segment of packed audio begins, in seconds on the clock of the picture's MPEG-TS timestamps (RFC 8216 3.4);
 * undefined where it does not say. ffmpeg passes over it.
 */
export async function readPackedTimestamp(file: string): Promise<number | undefined> {
  return packedTimestampSec(await readHead(file))
}

/** Where the frames begin in a stored segment of packed audio: behind its tag, if it has one. */
export async function packedFramesFrom(file: string): Promise<number> {
  return packedTagBytes(await readHead(file))
}

/** Length of the tag that packed audio begins with; 0 where there is none. */
const packedTagBytes = (head: Buffer): number =>
  isTag(head) ? HEADER_BYTES + synchsafe(head, 6) : 0

async function readHead(file: string): Promise<Buffer> {
  const handle = await open(file, 'r')
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await handle.close()
  }
}

const isTag = (head: Buffer) =>
  head.length >= HEADER_BYTES && head.toString('latin1', 0, 3) === 'ID3'

/** The same from the file's first bytes: an ID3v2.3 or v2.4 tag with a PRIV frame. */
export function packedTimestampSec(head: Buffer): number | undefined {
  if (!isTag(head)) return undefined
  const sevenBits = head.readUInt8(3) >= 4
  const end = Math.min(head.length, HEADER_BYTES + synchsafe(head, 6))
  for (let at = HEADER_BYTES; at + HEADER_BYTES <= end; ) {
    const id = head.toString('latin1', at, at + 4)
    const size = sevenBits ? synchsafe(head, at + 4) : head.readUInt32BE(at + 4)
    const from = at + HEADER_BYTES
    const to = from + size
    if (to > end || size === 0) return undefined
    const isOurs = id === 'PRIV' && head.toString('latin1', from, from + OWNER.length) === OWNER
    if (isOurs && size >= OWNER.length + 8) {
      return Number(head.readBigUInt64BE(from + OWNER.length)) / TICKS_PER_SEC
    }
    at = to
  }
  return undefined
}

/** Four times seven bits. */
function synchsafe(bytes: Buffer, at: number): number {
  const part = (offset: number) => bytes.readUInt8(at + offset) & 0x7f
  return (part(0) << 21) | (part(1) << 14) | (part(2) << 7) | part(3)
}
