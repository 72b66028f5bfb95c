import { AC3_HEAD_BYTES, ac3FrameBytes } from '../../media/audio-frames'
import { createFrameWalker } from './frame-walker'
import type { FramingWalker } from './framing-walker'

/** Packed AC-3 and Enhanced AC-3: synchronization frames. */
export function createAc3Walker(): FramingWalker {
  return createFrameWalker({
    extension: 'ac3',
    format: 'AC-3 stream',
    headerBytes: AC3_HEAD_BYTES,
    frameBytes: ac3FrameBytes,
  })
}
