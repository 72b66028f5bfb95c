/** Takes MPEG-TS (ISO/IEC 13818-1) apart and puts it together again, as far as tests need it. */

const TS_PACKET_BYTES = 188
const HEADER_BYTES = 4
const SYNC = 0x47
const RANDOM_ACCESS_AND_CLOCKS = 0xff

/** What begins with a payload unit start: a table or a PES packet, with the adaptation field of its first packet. */
export interface TsUnit {
  readonly pid: number
  /** Without its length byte; empty where the first packet has none, or one that only fills. */
  readonly adaptation: Uint8Array
  readonly payload: Uint8Array
}

/** Units in the order in which they begin. */
export function readUnits(ts: Uint8Array): TsUnit[] {
  const units: { pid: number; adaptation: Uint8Array; parts: Uint8Array[] }[] = []
  const open = new Map<number, (typeof units)[number]>()
  for (let at = 0; at + TS_PACKET_BYTES <= ts.length; at += TS_PACKET_BYTES) {
    const packet = ts.subarray(at, at + TS_PACKET_BYTES)
    const [sync = 0, second = 0, third = 0, fourth = 0] = packet
    if (sync !== SYNC) throw new Error(`no sync byte at ${at}`)
    const pid = ((second & 0x1f) << 8) | third
    const adaptationBytes = (fourth & 0x20) === 0 ? 0 : 1 + (packet[HEADER_BYTES] ?? 0)
    const payload =
      (fourth & 0x10) === 0 ? new Uint8Array() : packet.subarray(HEADER_BYTES + adaptationBytes)
    if ((second & 0x40) !== 0) {
      const adaptation = packet.subarray(HEADER_BYTES + 1, HEADER_BYTES + adaptationBytes)
      const unit = { pid, adaptation: withoutStuffing(adaptation), parts: [payload] }
      units.push(unit)
      open.set(pid, unit)
    } else open.get(pid)?.parts.push(payload)
  }
  return units.map(({ pid, adaptation, parts }) => ({
    pid,
    adaptation,
    payload: Buffer.concat(parts),
  }))
}

/** Flags and PCR; the rest of what ffmpeg writes is stuffing. */
function withoutStuffing(adaptation: Uint8Array): Uint8Array {
  const [flags = 0] = adaptation
  if (adaptation.length === 0 || (flags & RANDOM_ACCESS_AND_CLOCKS) === 0) return new Uint8Array()
  return adaptation.subarray(0, (flags & 0x10) === 0 ? 1 : 7)
}

/** Packets for the units, in their order. Tables are filled up with 0xff behind their section, PES packets by stuffing. */
export function writeUnits(units: readonly TsUnit[], isTable: (pid: number) => boolean): Buffer {
  const counters = new Map<number, number>()
  const packets: Uint8Array[] = []
  for (const { pid, adaptation, payload } of units) {
    let at = 0
    do {
      const counter = counters.get(pid) ?? 0
      counters.set(pid, (counter + 1) & 0x0f)
      const first = at === 0
      const own = first ? adaptation : new Uint8Array()
      const ownBytes = own.length === 0 ? 0 : own.length + 1
      const room = TS_PACKET_BYTES - HEADER_BYTES - ownBytes
      const part = payload.subarray(at, at + room)
      at += part.length
      packets.push(packetOf({ pid, counter, first, own, part, fillBehind: isTable(pid) }))
    } while (at < payload.length)
  }
  return Buffer.concat(packets)
}

function packetOf(options: {
  pid: number
  counter: number
  first: boolean
  own: Uint8Array
  part: Uint8Array
  fillBehind: boolean
}): Uint8Array {
  const { pid, counter, first, own, part, fillBehind } = options
  const packet = new Uint8Array(TS_PACKET_BYTES).fill(0xff)
  const spare = TS_PACKET_BYTES - HEADER_BYTES - part.length
  const adaptationBytes = fillBehind ? (own.length === 0 ? 0 : own.length + 1) : spare
  packet[0] = SYNC
  packet[1] = (first ? 0x40 : 0) | (pid >> 8)
  packet[2] = pid & 0xff
  packet[3] = (adaptationBytes === 0 ? 0x10 : 0x30) | counter
  if (adaptationBytes > 0) {
    packet[HEADER_BYTES] = adaptationBytes - 1
    if (adaptationBytes > 1) packet[HEADER_BYTES + 1] = 0
    packet.set(own, HEADER_BYTES + 1)
  }
  packet.set(part, HEADER_BYTES + adaptationBytes)
  return packet
}

/** CRC-32 of MPEG-2 sections: polynomial 0x04c11db7, most significant bit first. */
export function sectionCrc(bytes: Uint8Array): number {
  let crc = 0xffff_ffff
  for (const byte of bytes) {
    crc ^= byte << 24
    for (let bit = 0; bit < 8; bit += 1) crc = crc < 0 ? (crc << 1) ^ 0x04c1_1db7 : crc << 1
  }
  return crc >>> 0
}
