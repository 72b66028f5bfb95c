const PACKET_BYTES = 188
const HEADER_BYTES = 4
const SYNC = 0x47
/** PES header without anything optional, of the first video stream (ISO/IEC 13818-1 2.4.3.6). */
const PES_HEADER = [0, 0, 1, 0xe0, 0, 0, 0x80, 0, 0]
/** An access unit delimiter and filler data: the beginning of a picture that never comes. */
const EMPTY_PICTURE = [0, 0, 0, 1, 0x09, 0xf0, 0, 0, 0, 1, 0x0c, 0xff, 0x80]

/**
 * What has to follow an encrypted segment so that ffmpeg decrypts all of it. Pictures have no length in MPEG-TS: the last
 * one is known to be whole when the next begins, and ffmpeg (seen in 5.1) no longer knows its key when that is only the
 * end of the list. So another picture is begun, empty, and yet another to push that one out.
 *
 * @returns undefined where the segment has no picture: sound has lengths.
 */
export function flushingTail(ts: Uint8Array): Uint8Array | undefined {
  const pid = videoPidOf(ts)
  if (pid === undefined) return undefined
  return Buffer.concat([
    packetOf(pid, 0, [...PES_HEADER, ...EMPTY_PICTURE]),
    packetOf(pid, 1, PES_HEADER),
  ])
}

function videoPidOf(ts: Uint8Array): number | undefined {
  for (let at = 0; at + PACKET_BYTES <= ts.length; at += PACKET_BYTES) {
    const packet = ts.subarray(at, at + PACKET_BYTES)
    const [sync = 0, second = 0, third = 0, fourth = 0, adaptationBytes = 0] = packet
    if (sync !== SYNC || (second & 0x40) === 0) continue
    const from = HEADER_BYTES + ((fourth & 0x20) === 0 ? 0 : 1 + adaptationBytes)
    const [zero, nought, one, streamId = 0] = packet.subarray(from)
    const isPes = zero === 0 && nought === 0 && one === 1
    if (isPes && streamId >= 0xe0 && streamId <= 0xef) return ((second & 0x1f) << 8) | third
  }
  return undefined
}

/** One packet that begins a PES packet, filled up by its adaptation field. */
function packetOf(pid: number, counter: number, pes: readonly number[]): Uint8Array {
  const packet = new Uint8Array(PACKET_BYTES).fill(0xff)
  const adaptationBytes = PACKET_BYTES - HEADER_BYTES - 1 - pes.length
  packet.set([SYNC, 0x40 | (pid >> 8), pid & 0xff, 0x30 | counter, adaptationBytes, 0])
  packet.set(pes, PACKET_BYTES - pes.length)
  return packet
}
