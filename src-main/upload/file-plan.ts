import { createHash } from 'node:crypto'

/** A stretch of a file that is sent at once. */
export interface PlannedPart {
  /** From 1. */
  readonly number: number
  readonly startByte: number
  readonly bytes: number
  /** In hexadecimal digits. */
  readonly md5: string
}

/** What is sent, and what has to be at the other end afterwards. */
export interface FilePlan {
  readonly bytes: number
  /** One for a small file; together all of it, in order. */
  readonly parts: readonly PlannedPart[]
  /** What the store calls the object when it holds exactly this. */
  readonly etag: string
}

const MB = 1024 * 1024
/** Sent again after a failure at most, and held in memory; stores want 5 MB at least. */
const USUAL_PART_BYTES = 8 * MB
const MOST_PARTS = 10_000

/** How long each part of a file is, but the last one. */
export function partBytesFor(bytes: number): number {
  const leastBytes = Math.ceil(bytes / MOST_PARTS / MB) * MB
  return Math.max(USUAL_PART_BYTES, leastBytes)
}

/** Where the parts of a file lie. A file without a byte has one part. */
export function splitFile(bytes: number): readonly Omit<PlannedPart, 'md5'>[] {
  const partBytes = partBytesFor(bytes)
  const count = Math.max(1, Math.ceil(bytes / partBytes))
  return Array.from({ length: count }, (_, index) => {
    const startByte = index * partBytes
    return { number: index + 1, startByte, bytes: Math.min(partBytes, bytes - startByte) }
  })
}

/** What stores call an object that came in these parts: S3's way, which the others follow. */
export function etagOf(md5s: readonly string[]): string {
  const [only = '', ...others] = md5s
  if (others.length === 0) return only
  const all = createHash('md5')
  for (const md5 of md5s) all.update(md5, 'hex')
  return `${all.digest('hex')}-${md5s.length}`
}
