/** Rows of one full chunk, and of the first chunk while a track is young. */
const CHUNK_ROWS = 4096
const FIRST_ROWS = 64
/** One figure per block lets a search skip blocks. */
export const BLOCK_ROWS = 64

/** Number of the chunk that holds a position, and the row's place in it; numbers of bits are much cheaper than divisions. */
const CHUNK_BITS = Math.log2(CHUNK_ROWS)
const BLOCK_BITS = Math.log2(BLOCK_ROWS)
export const chunkOf = (position: number): number => position >>> CHUNK_BITS
export const placeOf = (position: number): number => position & (CHUNK_ROWS - 1)
/** Number of the block within its chunk. */
export const blockOf = (place: number): number => place >>> BLOCK_BITS

/** Columns of consecutive rows: 62 bytes a row, no object per row. A key row keeps its IV in columns that it does not need. */
export interface Chunk {
  readonly capacity: number
  readonly startMs: Float64Array
  readonly durationSec: Float64Array
  readonly mediaSequence: Float64Array
  readonly discontinuitySequence: Float64Array
  readonly index: Uint32Array
  readonly epoch: Uint32Array
  /** Bytes of a file, or the number of segments in a gap. */
  readonly size: Uint32Array
  readonly checksum: Uint32Array
  readonly initIndex: Int32Array
  readonly segmentsBefore: Uint32Array
  readonly breaksBefore: Uint32Array
  readonly kind: Uint8Array
  /** Code of extension, gap cause, reason and clock, or whether a key has an IV. */
  readonly detail: Uint8Array
  /** Highest end of any segment or gap up to and including each block. */
  readonly blockEndMs: Float64Array
  /** Of segments; made with the chunk's first segment that needs a key, 0 = none, else one more than the index. */
  keyNumber?: Uint32Array
}

/** One value of a column. Throws RangeError beyond its end. */
export const cell = (
  column: Float64Array | Uint32Array | Int32Array | Uint8Array,
  at: number,
): number => {
  const value = column[at]
  if (value === undefined) throw new RangeError(`no row ${at} in this chunk`)
  return value
}

/** Columns in one allocation, widest first so that each is aligned. */
function createChunk(capacity: number): Chunk {
  const blocks = Math.ceil(capacity / BLOCK_ROWS)
  const memory = new ArrayBuffer(capacity * 62 + blocks * 8)
  let offset = 0
  const take = (bytes: number): number => {
    const start = offset
    offset += bytes
    return start
  }
  const f64 = (count: number) => new Float64Array(memory, take(count * 8), count)
  const u32 = () => new Uint32Array(memory, take(capacity * 4), capacity)
  const u8 = () => new Uint8Array(memory, take(capacity), capacity)
  return {
    capacity,
    startMs: f64(capacity),
    durationSec: f64(capacity),
    mediaSequence: f64(capacity),
    discontinuitySequence: f64(capacity),
    blockEndMs: f64(blocks),
    index: u32(),
    epoch: u32(),
    size: u32(),
    checksum: u32(),
    initIndex: new Int32Array(memory, take(capacity * 4), capacity),
    segmentsBefore: u32(),
    breaksBefore: u32(),
    kind: u8(),
    detail: u8(),
  }
}

/** The column of the keys, made where there is none yet: recordings in the clear do without. */
export function keyNumbersOf(chunk: Chunk): Uint32Array {
  chunk.keyNumber ??= new Uint32Array(chunk.capacity)
  return chunk.keyNumber
}

/** `index` of the key row that the segment at this place needs, -1 for none. */
export const keyIndexAt = ({ keyNumber }: Chunk, at: number): number =>
  keyNumber === undefined ? -1 : cell(keyNumber, at) - 1

function copyChunk(from: Chunk, to: Chunk): void {
  to.startMs.set(from.startMs)
  to.durationSec.set(from.durationSec)
  to.mediaSequence.set(from.mediaSequence)
  to.discontinuitySequence.set(from.discontinuitySequence)
  to.blockEndMs.set(from.blockEndMs)
  if (from.keyNumber !== undefined) keyNumbersOf(to).set(from.keyNumber)
  to.index.set(from.index)
  to.epoch.set(from.epoch)
  to.size.set(from.size)
  to.checksum.set(from.checksum)
  to.initIndex.set(from.initIndex)
  to.segmentsBefore.set(from.segmentsBefore)
  to.breaksBefore.set(from.breaksBefore)
  to.kind.set(from.kind)
  to.detail.set(from.detail)
}

/**
 * The chunk that has room for the row at `position`, made where needed. The first chunk doubles from
 * 64 rows up, so that a short recording stays small; after that nothing is ever copied.
 */
export function chunkForAppend(chunks: Chunk[], position: number): Chunk {
  const last = chunks.at(-1)
  const used = position - Math.max(0, chunks.length - 1) * CHUNK_ROWS
  if (last !== undefined && used < last.capacity) return last
  if (last !== undefined && last.capacity < CHUNK_ROWS) {
    const grown = createChunk(last.capacity * 2)
    copyChunk(last, grown)
    chunks[chunks.length - 1] = grown
    return grown
  }
  const next = createChunk(last === undefined ? FIRST_ROWS : CHUNK_ROWS)
  chunks.push(next)
  return next
}
