import { createFrameWalker } from './frame-walker'
import type { FramingWalker } from './framing-walker'

/** Packed AAC: ADTS frames (ISO/IEC 13818-7 6.2). */
export function createAdtsWalker(): FramingWalker {
  return createFrameWalker({
    extension: 'aac',
    format: 'AAC stream',
    headerBytes: 7,
    frameBytes([first = 0, second = 0, , fourth = 0, fifth = 0, sixth = 0]) {
      const isSync = first === 0xff && (second & 0xf6) === 0xf0
      return isSync ? ((fourth & 0x03) << 11) | (fifth << 3) | (sixth >> 5) : undefined
    },
  })
}
