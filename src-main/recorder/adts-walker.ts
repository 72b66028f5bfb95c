import { brokenFramingError, type FramingWalker, truncatedError } from './framing-walker'

const HEADER_BYTES = 7

/** Packed AAC: ADTS frames, each of which says its own length (ISO/IEC 13818-7 6.2). */
export function createAdtsWalker(): FramingWalker {
  let header: number[] = []
  let frameBytesLeft = 0

  const beginFrame = () => {
    const [first = 0, second = 0, , fourth = 0, fifth = 0, sixth = 0] = header
    const lengthBytes = ((fourth & 0x03) << 11) | (fifth << 3) | (sixth >> 5)
    const isSync = first === 0xff && (second & 0xf6) === 0xf0
    if (!isSync || lengthBytes < HEADER_BYTES) {
      throw brokenFramingError('AAC stream')
    }
    frameBytesLeft = lengthBytes - HEADER_BYTES
    header = []
  }

  return {
    extension: 'aac',
    push(chunk) {
      let at = 0
      while (at < chunk.length) {
        if (frameBytesLeft > 0) {
          const step = Math.min(frameBytesLeft, chunk.length - at)
          frameBytesLeft -= step
          at += step
          continue
        }
        header.push(chunk[at] ?? 0)
        at += 1
        if (header.length === HEADER_BYTES) beginFrame()
      }
    },
    finish() {
      if (frameBytesLeft > 0 || header.length > 0) {
        throw truncatedError('the last audio frame is incomplete')
      }
    },
  }
}
