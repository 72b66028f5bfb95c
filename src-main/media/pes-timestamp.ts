/** A PTS counts so many ticks a second (ISO/IEC 13818-1). */
export const TICKS_PER_SEC = 90_000

/** Where the payload of a transport packet begins; undefined where it begins no PES packet. */
function payloadStart(packet: Uint8Array, at: number): number | undefined {
  const startsUnit = ((packet[at + 1] ?? 0) & 0x40) !== 0
  const hasPayload = ((packet[at + 3] ?? 0) & 0x10) !== 0
  const hasAdaptation = ((packet[at + 3] ?? 0) & 0x20) !== 0
  if (!startsUnit || !hasPayload) return undefined
  return at + 4 + (hasAdaptation ? 1 + (packet[at + 4] ?? 0) : 0)
}

/**
 * The presentation timestamp of the picture or sound that begins in a transport packet, in ticks; undefined where none
 * begins there. Reads nothing behind the packet's end.
 *
 * @param bytes holds the packet from `at` on.
 */
export function readPts(bytes: Uint8Array, at: number): number | undefined {
  const start = payloadStart(bytes, at)
  if (start === undefined || start + 14 > at + 188) return undefined
  const isPes = bytes[start] === 0 && bytes[start + 1] === 0 && bytes[start + 2] === 1
  const streamId = bytes[start + 3] ?? 0
  const isMedia = (streamId >= 0xc0 && streamId <= 0xef) || streamId === 0xbd
  if (!isPes || !isMedia || ((bytes[start + 7] ?? 0) & 0x80) === 0) return undefined
  const byte = (offset: number) => bytes[start + 9 + offset] ?? 0
  const high = (byte(0) >> 1) & 0x07
  const middle = (byte(1) << 7) | (byte(2) >> 1)
  const low = (byte(3) << 7) | (byte(4) >> 1)
  return high * 2 ** 30 + middle * 2 ** 15 + low
}
