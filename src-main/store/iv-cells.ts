import { type Chunk, cell } from './columns'

const number = (iv: string, from: number, to?: number): number =>
  Number.parseInt(iv.slice(from, to), 16)
const digits = (value: number, count: number): string => value.toString(16).padStart(count, '0')

/**
 * Puts the initialization vector of a key row into columns that a key row does not need, 48 and 48 and 32 bits
 * of it: keys that change with every segment cost no more memory than other rows.
 */
export function writeIv(chunk: Chunk, at: number, iv: string | undefined): void {
  chunk.detail[at] = iv === undefined ? 0 : 1
  if (iv === undefined) return
  chunk.mediaSequence[at] = number(iv, 0, 12)
  chunk.discontinuitySequence[at] = number(iv, 12, 24)
  chunk.initIndex[at] = number(iv, 24)
}

/** 32 hexadecimal digits; undefined where the key has no initialization vector of its own. */
export function readIv(chunk: Chunk, at: number): string | undefined {
  if (cell(chunk.detail, at) === 0) return undefined
  const first = digits(cell(chunk.mediaSequence, at), 12)
  const second = digits(cell(chunk.discontinuitySequence, at), 12)
  // This column is signed.
  return first + second + digits(cell(chunk.initIndex, at) >>> 0, 8)
}

/** Whether the columns hold an initialization vector, or none. */
export function hasIv(chunk: Chunk, at: number): boolean {
  const parts = [cell(chunk.mediaSequence, at), cell(chunk.discontinuitySequence, at)]
  return parts.every((part) => Number.isInteger(part) && part >= 0 && part < 2 ** 48)
}
