import { brokenFramingError, type FramingWalker, truncatedError } from './framing-walker'

const PACKET_BYTES = 188
const SYNC_BYTE = 0x47

/** MPEG-TS: a sync byte every 188 bytes, and whole packets only. */
export function createTsWalker(): FramingWalker {
  let position = 0
  return {
    extension: 'ts',
    push(chunk) {
      const firstPacket = (PACKET_BYTES - (position % PACKET_BYTES)) % PACKET_BYTES
      for (let at = firstPacket; at < chunk.length; at += PACKET_BYTES) {
        if (chunk[at] === SYNC_BYTE) continue
        throw brokenFramingError('MPEG transport stream')
      }
      position += chunk.length
    },
    finish() {
      if (position % PACKET_BYTES !== 0) throw truncatedError('the last packet is incomplete')
    },
  }
}
