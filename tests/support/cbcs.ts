import { createCipheriv } from 'node:crypto'

/**
 * Encrypts fragmented MP4 with the scheme `cbcs` (ISO/IEC 23001-7 10.4), which ffmpeg can read and cannot write: slices
 * of pictures one block in ten, frames of sound whole, one IV for all.
 */

const BLOCK_BYTES = 16
const CLEAR_BLOCKS = 9
/** Length, NAL unit type and what belongs to the slice header. */
const SLICE_LEADER_BYTES = 4 + 32
const MOST_CLEAR_BYTES = 0xffff
const KEY_ID = Buffer.alloc(BLOCK_BYTES, 0x77)

interface Sealing {
  readonly key: Uint8Array
  readonly iv: Uint8Array
}

/** Sample entry in the clear -> the encrypted one. */
const sampleEntries: ReadonlyMap<string, 'encv' | 'enca'> = new Map([
  ['avc1', 'encv'],
  ['mp4a', 'enca'],
  ['ac-3', 'enca'],
])
const containers = new Set(['moov', 'trak', 'mdia', 'minf', 'stbl'])

interface Box {
  readonly type: string
  readonly content: Buffer
}

/** An initialization section whose sample entries say that samples are encrypted, with this IV. */
export function encryptCbcsInit(init: Uint8Array, iv: Uint8Array): Buffer {
  const rewrite = ({ type, content }: Box): Buffer => {
    if (containers.has(type)) return box(type, ...boxesOf(content).map(rewrite))
    if (type !== 'stsd') return box(type, content)
    const sealed = boxesOf(content.subarray(8)).map((entry) => sealedEntry(entry, iv))
    return box(type, content.subarray(0, 8), ...sealed)
  }
  return Buffer.concat(boxesOf(Buffer.from(init)).map(rewrite))
}

function sealedEntry({ type, content }: Box, iv: Uint8Array): Buffer {
  const sealed = sampleEntries.get(type)
  if (sealed === undefined) throw new Error(`no encryption of ${type}`)
  const pattern = sealed === 'encv' ? (1 << 4) | CLEAR_BLOCKS : 0
  const tenc = box(
    'tenc',
    // Version 1; pattern, protected, no IV per sample, key id, IV of all samples.
    Buffer.of(1, 0, 0, 0, 0, pattern, 1, 0),
    KEY_ID,
    Buffer.of(iv.length),
    iv,
  )
  const scheme = box('schm', Buffer.of(0, 0, 0, 0), Buffer.from('cbcs'), Buffer.of(0, 1, 0, 0))
  return box(
    sealed,
    content,
    box('sinf', box('frma', Buffer.from(type)), scheme, box('schi', tenc)),
  )
}

/**
 * Encrypts the samples of one segment. Of sound nothing is added, since all of it is encrypted; pictures get `senc`,
 * `saiz` and `saio`.
 * @param options.init in the clear: tells which track holds what.
 */
export function encryptCbcs(options: Sealing & { init: Uint8Array; segment: Uint8Array }): Buffer {
  const pictures = pictureTracksOf(Buffer.from(options.init))
  const boxes = boxesOf(Buffer.from(options.segment))
  const out: Buffer[] = []
  for (const [at, { type, content }] of boxes.entries()) {
    const data = boxes[at + 1]
    if (type === 'sidx') continue // its sizes are no longer true
    if (type !== 'moof') out.push(box(type, content))
    else if (data?.type === 'mdat')
      out.push(encryptFragment({ ...options, pictures, content, data }))
    else throw new Error('a fragment has its media right behind it')
  }
  return Buffer.concat(out)
}

/** @returns the new moof; the media are changed in place. */
function encryptFragment(
  options: Sealing & { pictures: ReadonlySet<number>; content: Buffer; data: Box },
): Buffer {
  const { pictures, content, data } = options
  /** Where the media begin, counted as `trun` does: from the first byte of moof. */
  const dataFrom = 8 + content.length + 8
  const children = boxesOf(content).map((child) => {
    if (child.type !== 'traf') return { ...child, added: [] as readonly Buffer[] }
    const samples = samplesOf(child.content, data.content, dataFrom)
    const isPicture = pictures.has(samples.trackId)
    const subsamples = samples.list.map((sample) =>
      isPicture ? encryptPicture(sample, options) : encryptWhole(sample, options),
    )
    return { ...child, added: isPicture ? auxiliaryBoxes(subsamples) : [] }
  })
  const grownBytes = children.flatMap(({ added }) => added).reduce((sum, b) => sum + b.length, 0)
  let at = 8
  const written = children.map(({ type, content: inside, added }) => {
    if (type === 'traf') moveData(inside, grownBytes)
    const moved = box(type, inside, ...added)
    const [, , saio] = added
    if (saio !== undefined) {
      // To the first byte behind the header of `senc`.
      moved.writeUInt32BE(at + 8 + inside.length + 16, moved.length - 4)
    }
    at += moved.length
    return moved
  })
  return box('moof', ...written)
}

type Subsample = readonly [clearBytes: number, sealedBytes: number]

function encryptWhole(sample: Buffer, { key, iv }: Sealing): readonly Subsample[] {
  const bytes = sample.length - (sample.length % BLOCK_BYTES)
  sample.set(cbc(key, iv).update(sample.subarray(0, bytes)))
  return []
}

function encryptPicture(sample: Buffer, { key, iv }: Sealing): readonly Subsample[] {
  const subsamples: Subsample[] = []
  let clearBytes = 0
  for (let at = 0; at < sample.length; ) {
    const unitBytes = 4 + sample.readUInt32BE(at)
    const type = sample.readUInt8(at + 4) & 0x1f
    const isSealed = (type === 1 || type === 5) && unitBytes > SLICE_LEADER_BYTES + BLOCK_BYTES
    clearBytes += isSealed ? SLICE_LEADER_BYTES : unitBytes
    if (isSealed) {
      const slice = sample.subarray(at + SLICE_LEADER_BYTES, at + unitBytes)
      const cipher = cbc(key, iv)
      const step = (1 + CLEAR_BLOCKS) * BLOCK_BYTES
      for (let from = 0; from + BLOCK_BYTES <= slice.length; from += step) {
        slice.set(cipher.update(slice.subarray(from, from + BLOCK_BYTES)), from)
      }
      if (clearBytes > MOST_CLEAR_BYTES) throw new Error('too many bytes in the clear')
      subsamples.push([clearBytes, slice.length])
      clearBytes = 0
    }
    at += unitBytes
  }
  return clearBytes === 0 ? subsamples : [...subsamples, [clearBytes, 0]]
}

const cbc = (key: Uint8Array, iv: Uint8Array) =>
  createCipheriv('aes-128-cbc', key, iv).setAutoPadding(false)

/** senc, saiz, saio: the offset in the last one is still to be written. */
function auxiliaryBoxes(samples: readonly (readonly Subsample[])[]): readonly Buffer[] {
  const infos = samples.map((subsamples) => {
    const info = Buffer.alloc(2 + 6 * subsamples.length)
    info.writeUInt16BE(subsamples.length)
    for (const [number, [clearBytes, sealedBytes]] of subsamples.entries()) {
      info.writeUInt16BE(clearBytes, 2 + 6 * number)
      info.writeUInt32BE(sealedBytes, 4 + 6 * number)
    }
    return info
  })
  const count = Buffer.alloc(4)
  count.writeUInt32BE(infos.length)
  return [
    box('senc', Buffer.of(0, 0, 0, 2), count, ...infos),
    box('saiz', Buffer.of(0, 0, 0, 0, 0), count, Buffer.from(infos.map(({ length }) => length))),
    box('saio', Buffer.of(0, 0, 0, 0), Buffer.of(0, 0, 0, 1), Buffer.alloc(4)),
  ]
}

function pictureTracksOf(init: Buffer): ReadonlySet<number> {
  const tracks = allOf(find(boxesOf(init), 'moov'), 'trak').filter(
    (track) =>
      find(boxesOf(find(boxesOf(track), 'mdia')), 'hdlr').toString('latin1', 8, 12) === 'vide',
  )
  return new Set(tracks.map((track) => find(boxesOf(track), 'tkhd').readUInt32BE(12)))
}

/** Samples of a track's fragment, as views of the media. */
function samplesOf(traf: Buffer, media: Buffer, mediaFrom: number) {
  const header = find(boxesOf(traf), 'tfhd')
  const flags = header.readUInt32BE(0) & 0xffffff
  if ((flags & 0x1) !== 0) throw new Error('offsets have to count from moof')
  const optional = [0x2, 0x8, 0x10].filter((flag) => (flags & flag) !== 0)
  const sizeAt = 8 + 4 * optional.indexOf(0x10)
  const defaultBytes = optional.includes(0x10) ? header.readUInt32BE(sizeAt) : 0
  const list = allOf(traf, 'trun').flatMap((run) => {
    const runFlags = run.readUInt32BE(0) & 0xffffff
    if ((runFlags & 0x1) === 0) throw new Error('a run has an offset')
    const fields = [0x100, 0x200, 0x400, 0x800].filter((flag) => (runFlags & flag) !== 0)
    const sizeField = fields.indexOf(0x200)
    let from = run.readInt32BE(8) - mediaFrom
    let at = 12 + ((runFlags & 0x4) === 0 ? 0 : 4)
    return Array.from({ length: run.readUInt32BE(4) }, () => {
      const bytes = sizeField < 0 ? defaultBytes : run.readUInt32BE(at + 4 * sizeField)
      at += 4 * fields.length
      from += bytes
      return media.subarray(from - bytes, from)
    })
  })
  return { trackId: header.readUInt32BE(4), list }
}

function moveData(traf: Buffer, bytes: number): void {
  for (const run of allOf(traf, 'trun')) run.writeInt32BE(run.readInt32BE(8) + bytes, 8)
}

function box(type: string, ...parts: readonly Uint8Array[]): Buffer {
  const header = Buffer.alloc(8)
  header.writeUInt32BE(8 + parts.reduce((sum, { length }) => sum + length, 0))
  header.write(type, 4, 'latin1')
  return Buffer.concat([header, ...parts])
}

/** Boxes one behind the other; their contents are views. */
function boxesOf(bytes: Buffer): Box[] {
  const boxes: Box[] = []
  for (let at = 0; at < bytes.length; ) {
    const size = bytes.readUInt32BE(at)
    if (size < 8 || at + size > bytes.length) throw new Error(`no box at ${at}`)
    const type = bytes.toString('latin1', at + 4, at + 8)
    boxes.push({ type, content: bytes.subarray(at + 8, at + size) })
    at += size
  }
  return boxes
}

const allOf = (inside: Buffer, type: string): Buffer[] =>
  boxesOf(inside).flatMap((found) => (found.type === type ? [found.content] : []))

function find(boxes: readonly Box[], type: string): Buffer {
  const found = boxes.find((candidate) => candidate.type === type)
  if (found === undefined) throw new Error(`no ${type}`)
  return found.content
}
