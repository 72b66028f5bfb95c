const PACKET_BYTES = 188

/** A transport packet that begins a picture with this presentation time. */
export function pesPacket(sec: number, options: { streamId?: number } = {}): Buffer {
  const pts = Math.round(sec * 90_000)
  const packet = Buffer.alloc(PACKET_BYTES, 0xff)
  // Sync byte, start of a unit on PID 256, payload only.
  packet.set([0x47, 0x41, 0x00, 0x10])
  packet.set([0, 0, 1, options.streamId ?? 0xe0, 0, 0, 0x80, 0x80, 5], 4)
  packet[13] = 0x21 | (Math.floor(pts / 2 ** 30) << 1)
  packet[14] = (pts >>> 22) & 0xff
  packet[15] = ((pts >>> 14) & 0xfe) | 1
  packet[16] = (pts >>> 7) & 0xff
  packet[17] = ((pts << 1) & 0xfe) | 1
  return packet
}

/** MPEG-TS with a picture each 40 ms over so many seconds. */
export function tsMedia(durationSec: number, startSec = 10): Buffer {
  const count = Math.round(durationSec * 25)
  return Buffer.concat(Array.from({ length: count }, (_, at) => pesPacket(startSec + at / 25)))
}
