import { words } from '../ports/run-process'
import { AC3_HEADER_BYTES, type FlushingTail, flushingTail } from './flushing-tail'
import type { SealedFormat } from './sealed-list'

/** How ffmpeg is brought to decrypt one segment. */
export interface UnsealRecipe {
  /** What ffmpeg is given as the segment. */
  readonly segment: Uint8Array
  /** What has to follow it, so that all of it is decrypted. */
  readonly tail?: Uint8Array
  /** What comes out: media with the segment's own timestamps where the format has any. */
  readonly outputOptions: readonly string[]
}

export function unsealRecipe(format: SealedFormat, stored: Buffer): UnsealRecipe {
  switch (format) {
    case 'ts': {
      const tail = flushingTail(stored)
      const outputOptions = transportStreamOptions(tail)
      const hasTail = tail.packets.length > 0
      return { segment: stored, outputOptions, ...(hasTail ? { tail: tail.packets } : {}) }
    }
    case 'm4s':
      return { segment: stored, outputOptions: fragmentOptions }
  }
}

/**
 * Of the tail nothing stays: delimiters and filler data are left out, and ffmpeg writes the former anew; a frame of sound
 * that is only a header is dropped.
 */
const transportStreamOptions = (tail: Omit<FlushingTail, 'packets'>): string[] => [
  ...words('-map 0 -c copy'),
  ...(tail.hasPicture ? ['-bsf:v', 'filter_units=remove_types=9|12'] : []),
  ...(tail.hasAc3 ? ['-bsf:a', `noise=drop=lte(size\\,${AC3_HEADER_BYTES})`] : []),
  ...words('-muxdelay 0 -muxpreload 0 -avoid_negative_ts disabled'),
  ...words('-mpegts_flags initial_discontinuity -f mpegts'),
]

/** One fragment behind an initialization section of its own, in the time that the stored fragment has. */
const fragmentOptions: readonly string[] = [
  ...words('-map 0 -c copy -avoid_negative_ts disabled -use_editlist 0'),
  '-movflags',
  '+frag_custom+delay_moov+default_base_moof+frag_discont+skip_trailer',
  ...words('-f mp4'),
]
