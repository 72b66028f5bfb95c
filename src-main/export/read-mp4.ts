import { type FileHandle, open } from 'node:fs/promises'

/** What a finished MP4 says about itself (ISO/IEC 14496-12). */
export interface Mp4Summary {
  readonly durationSec: number
  readonly tracks: readonly {
    readonly kind: 'video' | 'audio' | 'other'
    readonly samples: number
    /** The first sample can be shown without any other. */
    readonly beginsWithKeyFrame: boolean
  }[]
}

interface Box {
  readonly type: string
  /** Position of the first byte behind the header, and of the byte behind the box. */
  readonly from: number
  readonly to: number
}

/** Size, type, and the 64-bit size that may follow. */
const HEADER_BYTES = 16
/** A week at 60 frames a second has an index of some hundred MB. */
const MOST_INDEX_BYTES = 1024 * 1024 * 1024

/** Reads the index of a whole MP4; throws where a box is cut short, or index or media are missing. */
export async function readMp4(file: string): Promise<Mp4Summary> {
  const handle = await open(file, 'r')
  try {
    const { size } = await handle.stat()
    let movie: Buffer | undefined
    let hasMedia = false
    for (let at = 0; at < size; ) {
      const header = await readAt(handle, at, Math.min(HEADER_BYTES, size - at))
      const box = boxAt(header, 0, size - at)
      if (box.type === 'mdat') hasMedia = true
      if (box.type === 'moov') movie = await readIndex(handle, at + box.from, box.to - box.from)
      at += box.to
    }
    if (movie === undefined || !hasMedia) throw new Error('index or media are missing')
    return readMovie(movie)
  } finally {
    await handle.close()
  }
}

async function readIndex(handle: FileHandle, at: number, bytes: number): Promise<Buffer> {
  if (bytes > MOST_INDEX_BYTES) throw new Error(`an index of ${bytes} bytes is too large`)
  return readAt(handle, at, bytes)
}

async function readAt(handle: FileHandle, at: number, bytes: number): Promise<Buffer> {
  const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(bytes), 0, bytes, at)
  if (bytesRead < bytes) throw new Error('the file ends early')
  return buffer
}

/** The box whose header stands there; throws where it does not end before `to`. */
function boxAt(bytes: Buffer, at: number, to: number): Box {
  const shortSize = bytes.readUInt32BE(at)
  const type = bytes.toString('latin1', at + 4, at + 8)
  const size = shortSize === 1 ? Number(bytes.readBigUInt64BE(at + 8)) : shortSize
  const from = at + (shortSize === 1 ? HEADER_BYTES : 8)
  if (at + size < from || at + size > to) throw new Error(`the box ${type} is cut short`)
  return { type, from, to: at + size }
}

/** Content of the boxes of one type directly inside. */
function children(bytes: Buffer, type: string): Buffer[] {
  const found: Buffer[] = []
  for (let at = 0; at < bytes.length; ) {
    const box = boxAt(bytes, at, bytes.length)
    if (box.type === type) found.push(bytes.subarray(box.from, box.to))
    at = box.to
  }
  return found
}

/** Content of the first box at the end of a path. */
const find = (bytes: Buffer, ...types: readonly string[]): Buffer | undefined =>
  types.reduce<Buffer | undefined>((inside, type) => inside && children(inside, type)[0], bytes)

function readMovie(movie: Buffer): Mp4Summary {
  const header = find(movie, 'mvhd')
  if (header === undefined) throw new Error('the index has no header')
  const isLong = header.readUInt8(0) === 1
  const unitsPerSec = header.readUInt32BE(isLong ? 20 : 12)
  const units = isLong ? Number(header.readBigUInt64BE(24)) : header.readUInt32BE(16)
  return { durationSec: units / unitsPerSec, tracks: children(movie, 'trak').map(readTrack) }
}

function readTrack(track: Buffer): Mp4Summary['tracks'][number] {
  const handler = find(track, 'mdia', 'hdlr')?.toString('latin1', 8, 12)
  const samples = find(track, 'mdia', 'minf', 'stbl')
  const keyFrames = samples && find(samples, 'stss')
  return {
    kind: handler === 'vide' ? 'video' : handler === 'soun' ? 'audio' : 'other',
    samples: (samples && find(samples, 'stsz'))?.readUInt32BE(8) ?? 0,
    // Without a list of key frames every sample is one.
    beginsWithKeyFrame:
      keyFrames === undefined || (keyFrames.readUInt32BE(4) > 0 && keyFrames.readUInt32BE(8) === 1),
  }
}
