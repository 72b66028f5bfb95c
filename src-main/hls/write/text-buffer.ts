const FIRST_BYTES = 64 * 1024
const MOST_DIGITS = 10
const ZERO = 48

/**
 * ASCII text that is put together from ready pieces and numbers: joining strings costs several times as
 * much where a hundred thousand lines differ in little more than a number. A class, since closures made
 * anew for each playlist are compiled anew for each.
 */
export class TextBuffer {
  private buffer = Buffer.allocUnsafe(FIRST_BYTES)
  private length = 0

  /** Appends ASCII bytes. */
  piece(bytes: Uint8Array): void {
    this.makeRoom(bytes.length)
    this.buffer.set(bytes, this.length)
    this.length += bytes.length
  }

  /** Appends one ASCII character. */
  byte(code: number): void {
    this.makeRoom(1)
    this.buffer[this.length] = code
    this.length += 1
  }

  /** Appends an integer from 0 to 2^32 - 1, with leading zeros up to `digits`. */
  number(value: number, digits = 1): void {
    this.makeRoom(MOST_DIGITS)
    const count = Math.max(digits, digitsOf(value))
    let rest = value >>> 0
    for (let at = this.length + count - 1; at >= this.length; at -= 1) {
      const tens = (rest / 10) >>> 0
      this.buffer[at] = ZERO + (rest - tens * 10)
      rest = tens
    }
    this.length += count
  }

  /** What was appended since the last time. */
  take(): Buffer {
    const text = Buffer.from(this.buffer.subarray(0, this.length))
    this.length = 0
    return text
  }

  private makeRoom(bytes: number): void {
    if (this.length + bytes <= this.buffer.length) return
    const grown = Buffer.allocUnsafe(Math.max(2 * this.buffer.length, this.length + bytes))
    this.buffer.copy(grown, 0, 0, this.length)
    this.buffer = grown
  }
}

function digitsOf(value: number): number {
  let count = 1
  for (let limit = 10; value >= limit; limit *= 10) count += 1
  return count
}
