import { createFrameWalker } from './frame-walker'
import type { FramingWalker } from './framing-walker'

/** Packed AC-3 and Enhanced AC-3: synchronization frames (ETSI TS 102 366, 4.3 and E.1.2). */
export function createAc3Walker(): FramingWalker {
  return createFrameWalker({ extension: 'ac3', format: 'AC-3 stream', headerBytes: 6, frameBytes })
}

/** kbit/s by half of frmsizecod. */
const rates = [
  32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384, 448, 512, 576, 640,
]
/** The highest bsid of AC-3; above it the frame is of Enhanced AC-3. */
const LAST_AC3_BSID = 10
const LAST_BSID = 16

function frameBytes(header: Uint8Array): number | undefined {
  const [first = 0, second = 0, third = 0, fourth = 0, fifth = 0, sixth = 0] = header
  const bsid = sixth >> 3
  if (first !== 0x0b || second !== 0x77 || bsid > LAST_BSID) return undefined
  if (bsid > LAST_AC3_BSID) return ((((third & 7) << 8) | fourth) + 1) * 2
  const code = fifth & 0x3f
  const kbitPerSec = rates[code >> 1]
  if (kbitPerSec === undefined) return undefined
  switch (fifth >> 6) {
    case 0: // 48 kHz
      return kbitPerSec * 4
    case 1: // 44.1 kHz: every other frame is a word longer
      return (Math.floor((kbitPerSec * 320) / 147) + (code & 1)) * 2
    case 2: // 32 kHz
      return kbitPerSec * 6
    default:
      return undefined
  }
}
