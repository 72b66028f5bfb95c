import { createDecipheriv } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { VsrError } from '../../src-preload/contract/errors'
import {
  AC3_HEAD_BYTES,
  ADTS_HEADER_BYTES,
  ac3FrameBytes,
  adtsFrame,
  type AudioFrame,
} from '../media/audio-frames'
import { ID3_HEADER_BYTES, tagBytes } from '../media/id3-tag'
import { ivDigits } from '../store/key-iv'
import type { KeyRow, SegmentRow, TrackStore } from '../store/model'

/** Packed audio whose frames VSR decrypts itself: AAC, AC-3 and Enhanced AC-3. */
export const packedFormats = ['aac', 'ac3'] as const
export type PackedFormat = (typeof packedFormats)[number]

const BLOCK_BYTES = 16
/** In the clear, behind the header of a frame. */
const LEADER_BYTES = 16

const ac3Frame = (header: Uint8Array): AudioFrame | undefined => {
  const bytes = ac3FrameBytes(header)
  // What an AC-3 frame begins with belongs to its leader.
  return bytes === undefined ? undefined : { bytes, headerBytes: 0 }
}
const readers: Record<PackedFormat, (header: Uint8Array) => AudioFrame | undefined> = {
  aac: (header) => adtsFrame(header.subarray(0, ADTS_HEADER_BYTES)),
  ac3: (header) => ac3Frame(header.subarray(0, AC3_HEAD_BYTES)),
}

/**
 * Takes SAMPLE-AES off the frames of packed audio, as Apple's “MPEG-2 Stream Encryption Format for HTTP Live Streaming” says
 * (2.3): behind 16 bytes in the clear all whole blocks of a frame are encrypted (AES-128 CBC), each frame from the same
 * initialization vector. Tags stay as they are. Pure.
 *
 * @param options.iv 16 bytes.
 * @throws VsrError `export_failed` where the frames are not what they were when they were stored.
 */
export function unsealPacked(options: {
  readonly format: PackedFormat
  readonly stored: Uint8Array
  readonly key: Uint8Array
  readonly iv: Uint8Array
}): Buffer {
  const { format, key, iv } = options
  const clear = Buffer.from(options.stored)
  const readFrame = readers[format]
  for (let at = 0; at < clear.length; ) {
    const tag = tagBytes(clear.subarray(at, at + ID3_HEADER_BYTES))
    if (tag !== 0) {
      at += tag ?? clear.length
      continue
    }
    const frame = readFrame(clear.subarray(at))
    if (frame === undefined || frame.bytes <= frame.headerBytes) throw notAsItWas(at)
    const from = at + frame.headerBytes + LEADER_BYTES
    const end = Math.min(at + frame.bytes, clear.length)
    const blocks = Math.max(0, Math.floor((end - from) / BLOCK_BYTES))
    const sealed = clear.subarray(from, from + blocks * BLOCK_BYTES)
    const decipher = createDecipheriv('aes-128-cbc', key, iv).setAutoPadding(false)
    if (blocks > 0) clear.set(decipher.update(sealed), from)
    at = end
  }
  return clear
}

const notAsItWas = (at: number): VsrError =>
  new VsrError('export_failed', 'A stored segment could not be decrypted whole.', {
    hint: 'Its file may be damaged. A range without it can be exported.',
    cause: `no audio frame at byte ${at}`,
  })

/** Writes a stored segment of packed audio into a file in the clear. @throws VsrError as {@link unsealPacked}. */
export async function writeUnsealedPacked(options: {
  readonly track: TrackStore
  readonly row: SegmentRow
  readonly format: PackedFormat
  readonly key: KeyRow
  readonly file: string
}): Promise<void> {
  const { track, row, format, key } = options
  const stored = await readFile(track.pathOf(row))
  const secret = await readFile(track.pathOf(key))
  const iv = Buffer.from(ivDigits(key, row.mediaSequence), 'hex')
  await writeFile(options.file, unsealPacked({ format, stored, key: secret, iv }))
}
