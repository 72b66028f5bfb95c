/** What an SCTE 35 message says of the break that it stands at. */
export interface SpliceInfo {
  readonly kind: 'out' | 'in'
  readonly plannedDurationSec?: number
}

const TABLE_ID = 0xfc
const COMMAND_AT = 13
const SPLICE_INSERT = 0x05
const TIME_SIGNAL = 0x06
const SEGMENTATION_DESCRIPTOR = 0x02
const TICKS_PER_SEC = 90_000
/** Longer than any message: SCTE 35 allows 4 kB, and this is base64. */
const MOST_CHARACTERS = 8192
/** Segmentation types that begin a break (SCTE 35, table 23): advertisements and their places. The number that follows each ends it. */
const breakStarts: ReadonlySet<number> = new Set([
  0x22, 0x30, 0x32, 0x34, 0x36, 0x38, 0x3a, 0x44, 0x46,
])

/** 33 bits of a 90 kHz clock, the highest one in the byte at `at`. */
const readTicks = (bytes: Buffer, at: number): number =>
  (bytes.readUInt8(at) & 1) * 2 ** 32 + bytes.readUInt32BE(at + 1)

/** The length of a splice_time(). */
const spliceTimeBytes = (bytes: Buffer, at: number): number =>
  (bytes.readUInt8(at) & 0x80) === 0 ? 1 : 5

const spliceOf = (isOut: boolean, ticks: number | undefined): SpliceInfo => ({
  kind: isOut ? 'out' : 'in',
  ...(isOut && ticks !== undefined ? { plannedDurationSec: ticks / TICKS_PER_SEC } : {}),
})

function readSpliceInsert(bytes: Buffer): SpliceInfo | undefined {
  const cancelled = (bytes.readUInt8(COMMAND_AT + 5) & 0x80) !== 0
  if (cancelled) return undefined
  const flags = bytes.readUInt8(COMMAND_AT + 6)
  const isOut = (flags & 0x80) !== 0
  const isWholeProgram = (flags & 0x40) !== 0
  const hasDuration = (flags & 0x20) !== 0
  const hasTime = (flags & 0x10) === 0
  // Single components, long out of use, are not walked through for a duration.
  if (!hasDuration || !isWholeProgram) return spliceOf(isOut, undefined)
  const at = COMMAND_AT + 7
  return spliceOf(isOut, readTicks(bytes, at + (hasTime ? spliceTimeBytes(bytes, at) : 0)))
}

/** A segmentation_descriptor() whose body begins at `at`, behind tag and length. */
function readSegmentation(bytes: Buffer, at: number): SpliceInfo | undefined {
  const cancelled = (bytes.readUInt8(at + 8) & 0x80) !== 0
  if (cancelled) return undefined
  const flags = bytes.readUInt8(at + 9)
  const components = (flags & 0x80) === 0 ? 1 + 6 * bytes.readUInt8(at + 10) : 0
  const durationAt = at + 10 + components
  const hasDuration = (flags & 0x40) !== 0
  const upidAt = durationAt + (hasDuration ? 5 : 0)
  const type = bytes.readUInt8(upidAt + 2 + bytes.readUInt8(upidAt + 1))
  if (breakStarts.has(type - 1)) return { kind: 'in' }
  if (!breakStarts.has(type)) return undefined
  return spliceOf(true, hasDuration ? readTicks(bytes, durationAt) : undefined)
}

function readTimeSignal(bytes: Buffer): SpliceInfo | undefined {
  const loopAt = COMMAND_AT + 1 + spliceTimeBytes(bytes, COMMAND_AT + 1)
  const end = loopAt + 2 + bytes.readUInt16BE(loopAt)
  for (let at = loopAt + 2; at < end; at += 2 + bytes.readUInt8(at + 1)) {
    if (bytes.readUInt8(at) !== SEGMENTATION_DESCRIPTOR) continue
    const found = readSegmentation(bytes, at + 2)
    if (found !== undefined) return found
  }
  return undefined
}

/**
 * Reads a splice_info_section() of SCTE 35 in base64: whether a break begins or ends with it. Undefined for messages that
 * say neither, are encrypted, or cannot be read.
 */
export function readSpliceInfo(base64: string): SpliceInfo | undefined {
  if (base64.length > MOST_CHARACTERS) return undefined
  const bytes = Buffer.from(base64, 'base64')
  try {
    const isEncrypted = (bytes.readUInt8(4) & 0x80) !== 0
    if (bytes.readUInt8(0) !== TABLE_ID || isEncrypted) return undefined
    const command = bytes.readUInt8(COMMAND_AT)
    if (command === SPLICE_INSERT) return readSpliceInsert(bytes)
    return command === TIME_SIGNAL ? readTimeSignal(bytes) : undefined
  } catch (error) {
    // The message ends before its fields do: it says nothing that could be relied on.
    if (error instanceof RangeError) return undefined
    throw error
  }
}
