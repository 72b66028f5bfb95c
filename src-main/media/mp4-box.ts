const HEADER_BYTES = 8

/** A view of the same bytes. */
export function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength)
}

/**
 * Visits the boxes that stand one behind the other inside a box (ISO/IEC 14496-12 4.2), each with what it holds.
 * Sizes of 64 bits and of 0 have no use inside `moof` and `moov`: they count as malformed.
 *
 * @returns false where the sizes do not add up; boxes before that were visited.
 */
export function visitBoxes(
  boxes: DataView,
  visit: (type: string, payload: DataView) => void,
): boolean {
  let at = 0
  while (at + HEADER_BYTES <= boxes.byteLength) {
    const size = boxes.getUint32(at)
    if (size < HEADER_BYTES || size > boxes.byteLength - at) return false
    const start = boxes.byteOffset + at
    const type = String.fromCharCode(...new Uint8Array(boxes.buffer, start + 4, 4))
    visit(type, new DataView(boxes.buffer, start + HEADER_BYTES, size - HEADER_BYTES))
    at += size
  }
  return at === boxes.byteLength
}

/** The unsigned number of 32 bits there; undefined where the box ends before. */
export function readUint32(payload: DataView, at: number): number | undefined {
  return at + 4 <= payload.byteLength ? payload.getUint32(at) : undefined
}
