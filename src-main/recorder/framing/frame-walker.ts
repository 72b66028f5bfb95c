import { ID3_HEADER_BYTES, tagBytes } from '../../media/id3-tag'
import type { MediaExtension } from '../../store/model'
import { brokenFramingError, type FramingWalker, truncatedError } from './framing-walker'

/**
 * Packed audio: frames one behind the other, each of which tells its own length. ID3 tags may stand between
 * them, since segments are at times put together from several.
 *
 * @param options.headerBytes enough of a frame to tell its length; at least 3.
 * @param options.frameBytes length of the frame with this header, header included; undefined where it is none. Infinity
 * where the format leaves the length open: then the rest is taken as it is.
 */
export function createFrameWalker(options: {
  extension: MediaExtension
  /** Completes "not a proper". */
  format: string
  headerBytes: number
  frameBytes: (header: Uint8Array) => number | undefined
}): FramingWalker {
  const { extension, format, headerBytes, frameBytes } = options
  const header = new Uint8Array(Math.max(headerBytes, ID3_HEADER_BYTES))
  let filledBytes = 0
  let unitBytesLeft = 0

  /** Length of the frame or tag whose beginning is in `header`; undefined while more of it is needed. */
  const unitBytes = (): number | undefined => {
    if (filledBytes < 3) return undefined
    const tag = tagBytes(header.subarray(0, filledBytes))
    if (tag !== 0) return tag
    if (filledBytes < headerBytes) return undefined
    const length = frameBytes(header.subarray(0, headerBytes))
    if (length === undefined || length < headerBytes) throw brokenFramingError(format)
    return length
  }

  return {
    extension,
    push(chunk) {
      let at = 0
      while (at < chunk.length) {
        if (unitBytesLeft > 0) {
          const step = Math.min(unitBytesLeft, chunk.length - at)
          unitBytesLeft -= step
          at += step
          continue
        }
        header[filledBytes] = chunk[at] ?? 0
        filledBytes += 1
        at += 1
        const length = unitBytes()
        if (length === undefined) continue
        unitBytesLeft = length - filledBytes
        filledBytes = 0
      }
    },
    finish() {
      const isInside = unitBytesLeft > 0 && Number.isFinite(unitBytesLeft)
      if (isInside || filledBytes > 0) throw truncatedError('the last audio frame is incomplete')
    },
  }
}
