import { words } from '../ports/run-process'

/** Formats of encrypted segments that ffmpeg's HLS reader decrypts for us: MPEG-TS, fragmented MP4. */
export const sealedFormats = ['ts', 'm4s'] as const
export type SealedFormat = (typeof sealedFormats)[number]

/** What lies beside the list of one encrypted segment, under names of our own (SECURITY S12, S19). */
export const sealedNames = {
  key: 'key.bin',
  init: 'init.mp4',
  segment: (format: SealedFormat) => `segment.${format}`,
  tail: (format: SealedFormat) => `tail.${format}`,
  list: 'list.m3u8',
} as const

/** In front of `-i` for such a list: only files, of those formats. */
export const sealedInputOptions: readonly string[] = words(
  '-protocol_whitelist file -allowed_extensions ts,m4s,mp4,bin -copyts -f hls',
)

/**
 * The text of such a list.
 * @param options.iv 32 hexadecimal digits. Fragmented MP4 has its own, and ffmpeg takes that.
 */
export function sealedList(options: {
  readonly format: SealedFormat
  readonly iv: string
  readonly durationSec: number
  readonly hasInit: boolean
  readonly hasTail: boolean
}): string {
  const { format, iv, durationSec, hasInit, hasTail } = options
  const files = [sealedNames.segment(format), ...(hasTail ? [sealedNames.tail(format)] : [])]
  const lengthSec = Math.max(1, Math.ceil(durationSec))
  return [
    '#EXTM3U',
    '#EXT-X-VERSION:7',
    `#EXT-X-TARGETDURATION:${lengthSec}`,
    `#EXT-X-KEY:METHOD=SAMPLE-AES,URI="${sealedNames.key}",IV=0x${iv}`,
    ...(hasInit ? [`#EXT-X-MAP:URI="${sealedNames.init}"`] : []),
    ...files.flatMap((file) => [`#EXTINF:${lengthSec},`, file]),
    '#EXT-X-ENDLIST',
    '',
  ].join('\n')
}
