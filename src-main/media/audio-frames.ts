/** Where a frame of packed audio ends, by its header. */
export interface AudioFrame {
  /** Header included. */
  readonly bytes: number
  readonly headerBytes: number
}

export const ADTS_HEADER_BYTES = 7
const ADTS_CRC_BYTES = 2

/** An ADTS frame of AAC (ISO/IEC 13818-7 6.2) by its first seven bytes; undefined where none begins here. */
export function adtsFrame(header: Uint8Array): AudioFrame | undefined {
  const [first = 0, second = 0, , fourth = 0, fifth = 0, sixth = 0] = header
  if (first !== 0xff || (second & 0xf6) !== 0xf0) return undefined
  const hasCrc = (second & 1) === 0
  return {
    bytes: ((fourth & 0x03) << 11) | (fifth << 3) | (sixth >> 5),
    headerBytes: ADTS_HEADER_BYTES + (hasCrc ? ADTS_CRC_BYTES : 0),
  }
}

/** So many bytes are enough to tell the length of a frame of AC-3 or Enhanced AC-3. */
export const AC3_HEAD_BYTES = 6

/** kbit/s by half of frmsizecod. */
const ac3Rates = [
  32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384, 448, 512, 576, 640,
]
/** The highest bsid of AC-3; above it the frame is of Enhanced AC-3. */
const LAST_AC3_BSID = 10
const LAST_BSID = 16

/**
 * Length of a synchronization frame of AC-3 or Enhanced AC-3 (ETSI TS 102 366, 4.3 and E.1.2) by its first six bytes;
 * undefined where none begins here.
 */
export function ac3FrameBytes(header: Uint8Array): number | undefined {
  const [first = 0, second = 0, third = 0, fourth = 0, fifth = 0, sixth = 0] = header
  const bsid = sixth >> 3
  if (first !== 0x0b || second !== 0x77 || bsid > LAST_BSID) return undefined
  if (bsid > LAST_AC3_BSID) return ((((third & 7) << 8) | fourth) + 1) * 2
  const code = fifth & 0x3f
  const kbitPerSec = ac3Rates[code >> 1]
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
