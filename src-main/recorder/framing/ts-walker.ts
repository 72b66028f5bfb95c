import { brokenFramingError, type FramingWalker, truncatedError } from './framing-walker'
import { readPts, TICKS_PER_SEC } from '../../media/pes-timestamp'

const PACKET_BYTES = 188
const SYNC_BYTE = 0x47

/**
 * MPEG-TS: a sync byte every 188 bytes, and whole packets only. Timestamps are read from packets that lie whole in a
 * chunk: the few that do not change the span by a frame.
 */
export function createTsWalker(): FramingWalker {
  let position = 0
  let firstPts = Number.POSITIVE_INFINITY
  let lastPts = Number.NEGATIVE_INFINITY
  return {
    extension: 'ts',
    push(chunk) {
      const firstPacket = (PACKET_BYTES - (position % PACKET_BYTES)) % PACKET_BYTES
      for (let at = firstPacket; at < chunk.length; at += PACKET_BYTES) {
        if (chunk[at] !== SYNC_BYTE) throw brokenFramingError('MPEG transport stream')
        const pts = at + PACKET_BYTES <= chunk.length ? readPts(chunk, at) : undefined
        if (pts === undefined) continue
        firstPts = Math.min(firstPts, pts)
        lastPts = Math.max(lastPts, pts)
      }
      position += chunk.length
    },
    mediaSec: () => (lastPts < firstPts ? undefined : (lastPts - firstPts) / TICKS_PER_SEC),
    finish() {
      if (position % PACKET_BYTES !== 0) throw truncatedError('the last packet is incomplete')
    },
  }
}
