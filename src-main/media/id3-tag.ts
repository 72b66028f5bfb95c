/** So many bytes are enough to tell the length of a tag. */
export const ID3_HEADER_BYTES = 10
const ID3V1_BYTES = 128

/** Length of the ID3v2 tag that begins here, its header included: four times seven bits behind six bytes. */
export function id3TagBytes(header: Uint8Array): number {
  const sizeAt = (position: number) => (header[position] ?? 0) & 0x7f
  const size = (sizeAt(6) << 21) | (sizeAt(7) << 14) | (sizeAt(8) << 7) | sizeAt(9)
  return ID3_HEADER_BYTES + size
}

/**
 * Length of the tag, ID3v1 or v2, that begins here; 0 where none does.
 * @param header the first bytes; `undefined` is the answer where they are too few to tell the length.
 */
export function tagBytes(header: Uint8Array): number | undefined {
  const word = String.fromCharCode(...header.subarray(0, 3))
  if (word === 'TAG') return ID3V1_BYTES
  if (word !== 'ID3') return 0
  return header.length < ID3_HEADER_BYTES ? undefined : id3TagBytes(header)
}
