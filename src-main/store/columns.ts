/** Rows of one full chunk, and of the first chunk while a track is young. */
export const CHUNK_ROWS = 4096
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

/**
 * Columns of consecutive rows, 62 bytes a row while they grow, no object per row. In a full chunk a column that says the same as that of the
 * chunk before is that one: 32 to 40 bytes a row are left. A key row keeps its IV in columns that it does not need.
 */
export interface Chunk {
  readonly capacity: number
  /** All columns of its own, one behind the other. */
  readonly memory: ArrayBuffer
  /** Which columns those are: one bit each, in their order. */
  readonly own: number
  readonly startMs: Float64Array
  readonly durationSec: Float64Array
  readonly mediaSequence: Float64Array
  readonly discontinuitySequence: Float64Array
  /** Highest end of any segment or gap up to and including each block. */
  readonly blockEndMs: Float64Array
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
  /** Of segments; made with the chunk's first segment that needs a key, 0 = none, else one more than the index. */
  keyNumber?: Uint32Array
}

type Column = Float64Array | Uint32Array | Int32Array | Uint8Array

/** The columns, in an order in which each is aligned: chunks have whole blocks of rows. */
export const COLUMNS = [
  ['startMs', Float64Array],
  ['durationSec', Float64Array],
  ['mediaSequence', Float64Array],
  ['discontinuitySequence', Float64Array],
  ['blockEndMs', Float64Array],
  ['index', Uint32Array],
  ['epoch', Uint32Array],
  ['size', Uint32Array],
  ['checksum', Uint32Array],
  ['initIndex', Int32Array],
  ['segmentsBefore', Uint32Array],
  ['breaksBefore', Uint32Array],
  ['kind', Uint8Array],
  ['detail', Uint8Array],
  ['keyNumber', Uint32Array],
] as const

const hasBit = (own: number, column: number): boolean => ((own >>> column) & 1) === 1
/** All columns but that of the keys, the last one. */
const ALL_PLAIN = 2 ** (COLUMNS.length - 1) - 1

/** One value of a column. Throws RangeError beyond its end. */
export const cell = (column: Column, at: number): number => {
  const value = column[at]
  if (value === undefined) throw new RangeError(`no row ${at} in this chunk`)
  return value
}

const lengthOf = (name: (typeof COLUMNS)[number][0] | undefined, rows: number): number =>
  name === 'blockEndMs' ? Math.ceil(rows / BLOCK_ROWS) : rows

/** Bytes of the columns of a chunk's own. */
export function memoryBytes(capacity: number, own: number): number {
  let bytes = 0
  for (const [column, [name, Type]] of COLUMNS.entries()) {
    if (hasBit(own, column)) bytes += lengthOf(name, capacity) * Type.BYTES_PER_ELEMENT
  }
  return bytes
}

/**
 * A chunk over memory that holds columns of its own, all others those of the chunk before.
 * Throws RangeError where there is no such chunk.
 */
function chunkOver(
  memory: ArrayBuffer,
  { capacity, own }: Pick<Chunk, 'capacity' | 'own'>,
  before?: Chunk,
): Chunk {
  let offset = 0
  let at = 0
  const column = <T extends Column>(
    Type: new (memory: ArrayBuffer, offset: number, length: number) => T,
    shared: T | undefined,
  ): T => {
    const isOwn = hasBit(own, at)
    const length = lengthOf(COLUMNS[at]?.[0], capacity)
    at += 1
    if (!isOwn) {
      if (shared?.length !== length) throw new RangeError('a column is missing')
      return shared
    }
    const made = new Type(memory, offset, length)
    offset += made.byteLength
    return made
  }
  // In the order of COLUMNS.
  const chunk: Chunk = {
    capacity,
    memory,
    own,
    startMs: column(Float64Array, before?.startMs),
    durationSec: column(Float64Array, before?.durationSec),
    mediaSequence: column(Float64Array, before?.mediaSequence),
    discontinuitySequence: column(Float64Array, before?.discontinuitySequence),
    blockEndMs: column(Float64Array, before?.blockEndMs),
    index: column(Uint32Array, before?.index),
    epoch: column(Uint32Array, before?.epoch),
    size: column(Uint32Array, before?.size),
    checksum: column(Uint32Array, before?.checksum),
    initIndex: column(Int32Array, before?.initIndex),
    segmentsBefore: column(Uint32Array, before?.segmentsBefore),
    breaksBefore: column(Uint32Array, before?.breaksBefore),
    kind: column(Uint8Array, before?.kind),
    detail: column(Uint8Array, before?.detail),
  }
  if (hasBit(own, at)) chunk.keyNumber = column(Uint32Array, undefined)
  return chunk
}

export const createChunk = (capacity: number): Chunk =>
  chunkOver(new ArrayBuffer(memoryBytes(capacity, ALL_PLAIN)), { capacity, own: ALL_PLAIN })

/** The column of the keys, made where there is none yet: recordings in the clear do without. */
export function keyNumbersOf(chunk: Chunk): Uint32Array {
  chunk.keyNumber ??= new Uint32Array(chunk.capacity)
  return chunk.keyNumber
}

/** `index` of the key row that the segment at this place needs, -1 for none. */
export const keyIndexAt = ({ keyNumber }: Chunk, at: number): number =>
  keyNumber === undefined ? -1 : cell(keyNumber, at) - 1

/** The same rows in columns of their own. */
export function copyOfChunk(chunk: Chunk, capacity = chunk.capacity): Chunk {
  const copy = createChunk(capacity)
  for (const [name] of COLUMNS) {
    const column = chunk[name]
    if (column === undefined) continue
    const to = name === 'keyNumber' ? keyNumbersOf(copy) : copy[name]
    to?.set(column)
  }
  return copy
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Column): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength)

/** A full chunk in as little memory as it needs: most columns go on as they were, since a stream rarely changes its ways. */
function packed(chunk: Chunk, before: Chunk | undefined): Chunk {
  let own = 0
  for (const [at, [name]] of COLUMNS.entries()) {
    const column = chunk[name]
    const known = name === 'keyNumber' ? undefined : before?.[name]
    if (column !== undefined && (known === undefined || !bytesOf(column).equals(bytesOf(known))))
      own |= 1 << at
  }
  const memory = new ArrayBuffer(memoryBytes(chunk.capacity, own))
  const made = chunkOver(memory, { capacity: chunk.capacity, own }, before)
  for (const [at, [name]] of COLUMNS.entries()) {
    const column = chunk[name]
    if (hasBit(own, at) && column !== undefined) made[name]?.set(column)
  }
  return made
}

/** A chunk as a file holds it. */
export interface Piece extends Pick<Chunk, 'capacity' | 'own' | 'memory'> {
  /** Those that are filled. */
  readonly rows: number
}

/** Chunks as pieces, in the order of their rows; the last one, which still grows, is a copy. */
export const piecesOf = (chunks: readonly Chunk[], length: number): Piece[] =>
  chunks.map((chunk, at) => {
    const rows = Math.min(CHUNK_ROWS, length - at * CHUNK_ROWS)
    const { capacity, own, memory } = rows === CHUNK_ROWS ? chunk : packed(chunk, undefined)
    return { rows, capacity, own, memory }
  })

/** The chunk of a piece. Throws RangeError for one that cannot stand behind the chunk before it, which is full. */
export function chunkOfPiece(piece: Piece, before: Chunk | undefined): Chunk {
  const { rows, capacity, own, memory } = piece
  const isFull = rows === CHUNK_ROWS && capacity === CHUNK_ROWS
  const doublings = Math.log2(capacity / FIRST_ROWS)
  const canGrow = Number.isInteger(doublings) && doublings >= 0 && capacity <= CHUNK_ROWS
  const isGrowing = canGrow && rows <= capacity && (own & ALL_PLAIN) === ALL_PLAIN
  if (!(isFull || isGrowing) || memory.byteLength !== memoryBytes(capacity, own)) {
    throw new RangeError('these columns are no piece of an index')
  }
  const chunk = chunkOver(memory, piece, before)
  if (isFull) return chunk
  // What is pushed there leaves out the columns that it does not need.
  for (const [name] of COLUMNS) chunk[name]?.fill(0, lengthOf(name, rows))
  return chunk
}

/** Packs the last chunk, which is full. */
export function packLast(chunks: Chunk[]): void {
  const last = chunks.pop()
  if (last !== undefined) chunks.push(packed(last, chunks.at(-1)))
}

/**
 * The chunk that has room for the row at `position`, made where needed. The first chunk doubles from
 * 64 rows up, so that a short recording stays small.
 */
export function chunkForAppend(chunks: Chunk[], position: number): Chunk {
  const last = chunks.at(-1)
  const used = position - Math.max(0, chunks.length - 1) * CHUNK_ROWS
  if (last !== undefined && used < last.capacity) return last
  if (last !== undefined && last.capacity < CHUNK_ROWS) {
    const grown = copyOfChunk(last, last.capacity * 2)
    chunks[chunks.length - 1] = grown
    return grown
  }
  const next = createChunk(last === undefined ? FIRST_ROWS : CHUNK_ROWS)
  chunks.push(next)
  return next
}
