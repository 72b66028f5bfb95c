import { VsrError } from '../../../src-preload/contract/errors'
import { id3TagBytes } from '../../media/id3-tag'
import type { MediaExtension } from '../../store/model'
import { createAc3Walker } from './ac3-walker'
import { createAdtsWalker } from './adts-walker'
import { createBoxWalker } from './box-walker'
import { type FramingWalker, truncatedError } from './framing-walker'
import { createMp3Walker } from './mp3-walker'
import type { TrackClocks } from '../../media/track-clocks'
import { createTsWalker } from './ts-walker'

/** Checks bytes as they stream by: that they are media, and that they are whole. */
export interface FramingCheck {
  /** @throws VsrError `not_media`. */
  push(chunk: Uint8Array): void
  /** Call after the last byte. @throws VsrError `not_media`, `truncated`. */
  finish(): MediaExtension
  /**
   * How long the media are, in seconds: between the first and the last timestamp of MPEG-TS, by the samples of fragmented
   * MP4. Undefined where the format is not asked for it, or does not tell.
   * @param clocks of the initialization section; MP4 does not tell without.
   */
  mediaSec(clocks?: TrackClocks): number | undefined
}

/** The longest prefix that sniffing needs: a box header or an ID3 header. */
const SNIFF_BYTES = 10

const ascii = (bytes: Uint8Array, from: number, to: number) =>
  String.fromCharCode(...bytes.subarray(from, to))

/** Length of an ID3v2 tag at the start (packed audio carries its timestamp in one, RFC 8216 3.4), 0 for none. */
function id3Length(head: Uint8Array): number {
  return ascii(head, 0, 3) === 'ID3' && head.length >= SNIFF_BYTES ? id3TagBytes(head) : 0
}

/** Text has no framing. */
const textWalker: FramingWalker = { extension: 'vtt', push: () => {}, finish: () => {} }

/** The walker for the format whose first bytes these are; undefined when it is no media that VSR knows. */
function walkerFor(head: Uint8Array, expect: 'segment' | 'init'): FramingWalker | undefined {
  const [first = 0, second = 0] = head
  if (/^[a-zA-Z0-9 ]{4}$/.test(ascii(head, 4, 8)) && head.length >= 8) {
    const walker = createBoxWalker(expect)
    if (walker.isKnownType(ascii(head, 4, 8))) return walker
  }
  if (first === 0x47) return createTsWalker()
  if (first === 0xff && (second & 0xf6) === 0xf0) return createAdtsWalker()
  if (first === 0xff && (second & 0xe0) === 0xe0) return createMp3Walker()
  if (first === 0x0b && second === 0x77) return createAc3Walker()
  if (/^(\xef\xbb\xbf)?WEBVTT/.test(ascii(head, 0, head.length))) return textWalker
  return undefined
}

function notMedia(head: Uint8Array): VsrError {
  const looksLikeText = /^\s*[<{]/.test(ascii(head, 0, head.length))
  return new VsrError(
    'not_media',
    looksLikeText
      ? 'The source sent a web page where a media segment should be.'
      : 'The source sent something that is not media where a segment should be.',
    { hint: 'VSR keeps trying. If it goes on, open the page in a browser: it may ask to sign in.' },
  )
}

/**
 * Checks a segment's or an initialization section's bytes while they stream (F14, F15): MPEG-TS packets,
 * ISO boxes, frames of packed AAC, MP3 and AC-3; WebVTT by its first bytes. The extension follows from
 * what the bytes are, never from the URL.
 */
export function createFramingCheck(options: { expect: 'segment' | 'init' }): FramingCheck {
  let head: Uint8Array = new Uint8Array(0)
  let skipBytes = 0
  let walker: FramingWalker | undefined

  const sniff = (atEnd: boolean): void => {
    while (walker === undefined && (head.length >= SNIFF_BYTES || (atEnd && head.length > 0))) {
      const tagBytes = id3Length(head)
      if (tagBytes === 0) {
        walker = walkerFor(head, options.expect)
        if (walker === undefined) throw notMedia(head)
        walker.push(head)
        return
      }
      skipBytes = Math.max(0, tagBytes - head.length)
      head = head.subarray(Math.min(tagBytes, head.length))
    }
  }

  return {
    push(chunk) {
      if (walker !== undefined) {
        walker.push(chunk)
        return
      }
      const rest = chunk.subarray(Math.min(skipBytes, chunk.length))
      skipBytes -= chunk.length - rest.length
      head = head.length === 0 ? rest : Buffer.concat([head, rest])
      sniff(false)
      // The chunk's memory is not ours to keep.
      if (walker === undefined) head = new Uint8Array(head)
    },
    mediaSec: (clocks) => walker?.mediaSec?.(clocks),
    finish() {
      sniff(true)
      if (walker === undefined) throw truncatedError('the segment is empty')
      walker.finish()
      return walker.extension
    },
  }
}
