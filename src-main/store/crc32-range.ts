const POLYNOMIAL = 0xedb8_8320

/** `TABLE[256 * n + byte]`: what a byte does to the remainder when `n` more bytes follow it. */
const TABLE = createTable()

function createTable(): Int32Array {
  const table = new Int32Array(4 * 256)
  for (let at = 0; at < table.length; at += 1) {
    let remainder = at < 256 ? at : (table[at - 256] ?? 0)
    for (let bit = 0; bit < 8; bit += 1) {
      remainder = remainder & 1 ? (remainder >>> 1) ^ POLYNOMIAL : remainder >>> 1
    }
    table[at] = remainder
  }
  return table
}

/**
 * CRC-32 of the bytes `[from, to)`, as zlib's. For stretches of some dozen bytes, where calling zlib costs
 * several times the work itself; four bytes at a step, since each step has to wait for the one before.
 */
export function crc32Range(bytes: Uint8Array, from: number, to: number): number {
  let crc = -1
  let at = from
  for (const last = to - 3; at < last; at += 4) {
    crc ^=
      (bytes[at] ?? 0) |
      ((bytes[at + 1] ?? 0) << 8) |
      ((bytes[at + 2] ?? 0) << 16) |
      ((bytes[at + 3] ?? 0) << 24)
    crc =
      (TABLE[768 | (crc & 255)] ?? 0) ^
      (TABLE[512 | ((crc >>> 8) & 255)] ?? 0) ^
      (TABLE[256 | ((crc >>> 16) & 255)] ?? 0) ^
      (TABLE[crc >>> 24] ?? 0)
  }
  for (; at < to; at += 1) crc = (TABLE[(crc ^ (bytes[at] ?? 0)) & 255] ?? 0) ^ (crc >>> 8)
  return (crc ^ -1) >>> 0
}
