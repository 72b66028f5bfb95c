import { ADTS_HEADER_BYTES, adtsFrame } from '../../media/audio-frames'
import { createFrameWalker } from './frame-walker'
import type { FramingWalker } from './framing-walker'

/** Packed AAC: ADTS frames. */
export function createAdtsWalker(): FramingWalker {
  return createFrameWalker({
    extension: 'aac',
    format: 'AAC stream',
    headerBytes: ADTS_HEADER_BYTES,
    frameBytes: (header) => adtsFrame(header)?.bytes,
  })
}
