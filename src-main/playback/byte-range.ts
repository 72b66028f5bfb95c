/** First and last byte, both included. */
export interface ServedRange {
  readonly first: number
  readonly last: number
}

/**
 * Decides on a Range header (RFC 9110 14.2): one range is honoured; several, or anything malformed, mean
 * the whole file; a range outside the file is `unsatisfiable` (SECURITY S07).
 */
export function decideRange(
  header: string | undefined,
  sizeBytes: number,
): ServedRange | 'whole' | 'unsatisfiable' {
  const match = /^bytes=([0-9]{0,15})-([0-9]{0,15})$/.exec(header ?? '')
  const [, from = '', to = ''] = match ?? []
  if (match === null || (from === '' && to === '')) return 'whole'
  if (from === '') {
    const suffix = Math.min(Number(to), sizeBytes)
    return suffix === 0 ? 'unsatisfiable' : { first: sizeBytes - suffix, last: sizeBytes - 1 }
  }
  const first = Number(from)
  if (to !== '' && Number(to) < first) return 'whole'
  if (first >= sizeBytes) return 'unsatisfiable'
  return { first, last: to === '' ? sizeBytes - 1 : Math.min(Number(to), sizeBytes - 1) }
}
