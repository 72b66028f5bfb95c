const PACKET_BYTES = 188
const HEADER_BYTES = 4
const SYNC = 0x47
/** PES header up to its flags, without anything optional (ISO/IEC 13818-1 2.4.3.6). */
const PES_HEADER_BYTES = 9
const VIDEO_STREAM = 0xe0
const PRIVATE_STREAM = 0xbd
/** An access unit delimiter and filler data: the beginning of a picture that never comes. */
const EMPTY_PICTURE = [0, 0, 0, 1, 0x09, 0xf0, 0, 0, 0, 1, 0x0c, 0xff, 0x80]
/** Of a frame of AC-3: enough to tell one (ATSC A/52 5.3). */
export const AC3_HEADER_BYTES = 7

/** What has to follow an encrypted segment, and what is in it that must not stay. */
export interface FlushingTail {
  readonly packets: Uint8Array
  readonly hasPicture: boolean
  readonly hasAc3: boolean
}

/**
 * What has to follow an encrypted segment so that ffmpeg decrypts all of it. Pictures and AC-3 frames are known to be
 * whole when the next begins, and ffmpeg (seen in 5.1) no longer knows their key when that is only the end of the list.
 * So another picture is begun, empty, and yet another to push that one out; and the header of another frame of AC-3.
 */
export function flushingTail(ts: Uint8Array): FlushingTail {
  const { picture, ac3 } = firstUnitsOf(ts)
  const packets: Uint8Array[] = []
  if (picture !== undefined) {
    const { pid } = picture
    packets.push(packetOf(pid, 0, [...pesHeader(VIDEO_STREAM, 0), ...EMPTY_PICTURE]))
    packets.push(packetOf(pid, 1, pesHeader(VIDEO_STREAM, 0)))
  }
  if (ac3 !== undefined) {
    const pes = [
      ...pesHeader(PRIVATE_STREAM, AC3_HEADER_BYTES),
      ...ac3.content.subarray(0, AC3_HEADER_BYTES),
    ]
    packets.push(packetOf(ac3.pid, 0, pes))
  }
  return {
    packets: Buffer.concat(packets),
    hasPicture: picture !== undefined,
    hasAc3: ac3 !== undefined,
  }
}

interface Unit {
  readonly pid: number
  readonly streamId: number
  /** As far as it stands in the first packet. */
  readonly content: Uint8Array
}

/** The first picture and the first frame of AC-3. */
function firstUnitsOf(ts: Uint8Array): { picture?: Unit; ac3?: Unit } {
  const found: { picture?: Unit; ac3?: Unit } = {}
  for (let at = 0; at + PACKET_BYTES <= ts.length; at += PACKET_BYTES) {
    const unit = unitIn(ts.subarray(at, at + PACKET_BYTES))
    if (unit === undefined) continue
    const { streamId, content } = unit
    if (streamId >= VIDEO_STREAM && streamId <= VIDEO_STREAM + 0x0f) found.picture ??= unit
    if (streamId === PRIVATE_STREAM && content[0] === 0x0b && content[1] === 0x77)
      found.ac3 ??= unit
    if (found.picture !== undefined && found.ac3 !== undefined) break
  }
  return found
}

/** The PES packet that begins in a packet; undefined where none does. */
function unitIn(packet: Uint8Array): Unit | undefined {
  const [sync = 0, second = 0, third = 0, fourth = 0, adaptationBytes = 0] = packet
  if (sync !== SYNC || (second & 0x40) === 0) return undefined
  const pes = packet.subarray(HEADER_BYTES + ((fourth & 0x20) === 0 ? 0 : 1 + adaptationBytes))
  if (pes[0] !== 0 || pes[1] !== 0 || pes[2] !== 1) return undefined
  const content = pes.subarray(PES_HEADER_BYTES + (pes[8] ?? 0))
  return { pid: ((second & 0x1f) << 8) | third, streamId: pes[3] ?? 0, content }
}

/** @param contentBytes 0 = not told, as pictures may. */
const pesHeader = (streamId: number, contentBytes: number): number[] => {
  const length = contentBytes === 0 ? 0 : contentBytes + 3
  return [0, 0, 1, streamId, 0, length, 0x80, 0, 0]
}

/** One packet that begins a PES packet, filled up by its adaptation field. */
function packetOf(pid: number, counter: number, pes: readonly number[]): Uint8Array {
  const packet = new Uint8Array(PACKET_BYTES).fill(0xff)
  const adaptationBytes = PACKET_BYTES - HEADER_BYTES - 1 - pes.length
  packet.set([SYNC, 0x40 | (pid >> 8), pid & 0xff, 0x30 | counter, adaptationBytes, 0])
  packet.set(pes, PACKET_BYTES - pes.length)
  return packet
}
