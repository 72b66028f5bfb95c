import { createFragmentTimes } from './fragment-times'
import { brokenFramingError, type FramingWalker, truncatedError } from './framing-walker'

/** Top-level boxes that a segment or an initialization section may hold (ISO/IEC 14496-12, CMAF). */
const KNOWN_TYPES = new Set(
  'ftyp styp moov moof mdat sidx ssix emsg prft free skip uuid pssh mfra meta pdin wide'.split(' '),
)
/** Size, type, and the 64-bit size that may follow. */
const LARGE_HEADER_BYTES = 16

/** Fragmented MP4: walks the top-level boxes without keeping them; of a fragment's head the durations are added up. */
export function createBoxWalker(expect: 'segment' | 'init'): FramingWalker & {
  isKnownType(type: string): boolean
} {
  const header = Buffer.alloc(LARGE_HEADER_BYTES)
  const seen = new Set<string>()
  const times = createFragmentTimes()
  let headerBytes = 0
  let boxBytesLeft = 0
  let isMoof = false

  /** Reads the header when enough of it is there. */
  const beginBox = () => {
    if (headerBytes < 8) return
    const shortSize = header.readUInt32BE(0)
    if (shortSize === 1 && headerBytes < LARGE_HEADER_BYTES) return
    const type = header.toString('latin1', 4, 8)
    const size = shortSize === 1 ? Number(header.readBigUInt64BE(8)) : shortSize
    if (!KNOWN_TYPES.has(type) || (size !== 0 && size < headerBytes)) {
      throw brokenFramingError('MP4 fragment')
    }
    seen.add(type)
    // Size 0: the box reaches to the end of the body.
    boxBytesLeft = size === 0 ? Number.POSITIVE_INFINITY : size - headerBytes
    headerBytes = 0
    isMoof = type === 'moof'
    if (isMoof) times.begin(boxBytesLeft)
  }

  return {
    extension: expect === 'init' ? 'mp4' : 'm4s',
    isKnownType: (type) => KNOWN_TYPES.has(type),
    push(chunk) {
      let at = 0
      while (at < chunk.length) {
        if (boxBytesLeft > 0) {
          const step = Math.min(boxBytesLeft, chunk.length - at)
          if (isMoof) times.push(chunk.subarray(at, at + step))
          boxBytesLeft -= step
          at += step
          continue
        }
        header[headerBytes] = chunk[at] ?? 0
        headerBytes += 1
        at += 1
        if (headerBytes >= 8) beginBox()
      }
    },
    mediaSec: (clocks) => times.mediaSec(clocks),
    finish() {
      const isInside = headerBytes > 0 || (boxBytesLeft > 0 && Number.isFinite(boxBytesLeft))
      if (isInside) throw truncatedError('the last box is incomplete')
      const isWhole =
        expect === 'init'
          ? seen.has('moov')
          : seen.has('mdat') && (seen.has('moof') || seen.has('moov'))
      if (!isWhole) throw truncatedError('the media data is missing')
    },
  }
}
