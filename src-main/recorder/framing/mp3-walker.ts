import { createFrameWalker } from './frame-walker'
import type { FramingWalker } from './framing-walker'

/** Packed MP3: MPEG audio frames of layers I to III (ISO/IEC 11172-3 2.4.1.3, 13818-3, and MPEG 2.5). */
export function createMp3Walker(): FramingWalker {
  return createFrameWalker({ extension: 'mp3', format: 'MP3 stream', headerBytes: 4, frameBytes })
}

/** kbit/s by the index in the header, from 1 on: MPEG 1 layers I, II, III; MPEG 2 layer I; MPEG 2 layers II and III. */
const rates = {
  '1-1': [32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448],
  '1-2': [32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
  '1-3': [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  '2-1': [32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256],
  '2-2': [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
} as const
const sampleRates = [44_100, 48_000, 32_000] as const

function frameBytes([first = 0, second = 0, third = 0]: Uint8Array): number | undefined {
  const version = (second >> 3) & 3
  const layer = 4 - ((second >> 1) & 3)
  const sampleRate = sampleRates[(third >> 2) & 3]
  const rateIndex = third >> 4
  const isSync = first === 0xff && (second & 0xe0) === 0xe0
  if (!isSync || version === 1 || layer === 4 || sampleRate === undefined) return undefined
  if (rateIndex === 15) return undefined
  // A free bit rate: the length can only be found by looking for the next frame.
  if (rateIndex === 0) return Number.POSITIVE_INFINITY
  const isFirst = version === 3
  const halvings = isFirst ? 0 : version === 2 ? 1 : 2
  const table = isFirst
    ? rates[layer === 1 ? '1-1' : layer === 2 ? '1-2' : '1-3']
    : rates[layer === 1 ? '2-1' : '2-2']
  const bitsPerSec = (table[rateIndex - 1] ?? 0) * 1000
  const padding = (third >> 1) & 1
  const samplesPerSec = sampleRate / 2 ** halvings
  if (layer === 1) return (Math.floor((12 * bitsPerSec) / samplesPerSec) + padding) * 4
  const slots = layer === 3 && !isFirst ? 72 : 144
  return Math.floor((slots * bitsPerSec) / samplesPerSec) + padding
}
