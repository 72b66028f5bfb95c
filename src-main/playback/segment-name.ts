/** What the name of a served file says: ids and a number, nothing that could be a path (SECURITY S05). */
export interface SegmentName {
  readonly recordingId: string
  readonly trackId: string
  /** Index of the segment's, initialization section's or key's row. */
  readonly index: number
  readonly extension: string
}

const namePattern =
  /^([a-z0-9]{8,32})-([a-z]{1,4}[0-9]{1,4})-(0|[1-9][0-9]{0,14})\.(ts|m4s|mp4|aac|mp3|ac3|vtt|key)$/

/** Names of a track's files are this, the row's index, a dot and the extension: `<recordingId>-<trackId>-<index>.<ext>`. */
export function segmentNameStart(track: {
  readonly recordingId: string
  readonly trackId: string
}): string {
  return `${track.recordingId}-${track.trackId}-`
}

/** Undefined for everything that `segmentNameStart` cannot have begun. */
export function parseSegmentName(text: string): SegmentName | undefined {
  const [, recordingId, trackId, index, extension] = namePattern.exec(text) ?? []
  if (
    recordingId === undefined ||
    trackId === undefined ||
    index === undefined ||
    extension === undefined
  )
    return undefined
  return { recordingId, trackId, index: Number(index), extension }
}
