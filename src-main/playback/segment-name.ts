/** What the name of a served file says: ids and a number, nothing that could be a path (SECURITY S05). */
export interface SegmentName {
  readonly recordingId: string
  readonly trackId: string
  /** Index of the segment's, initialization section's or key's row. */
  readonly index: number
  readonly extension: string
}

/** Cues between two instants, unix ms; what has no bound on a side goes on to the segment's end there. */
export interface CueRange {
  readonly fromMs: number | undefined
  readonly toMs: number | undefined
}

const NO_BOUND = '0'

/** Stands behind the index in the name of a piece of a subtitle segment. */
export const cueRangeText = ({ fromMs, toMs }: CueRange): string =>
  `-${fromMs === undefined ? NO_BOUND : Math.round(fromMs)}-${toMs === undefined ? NO_BOUND : Math.round(toMs)}`

const piecePattern = /^([^.]+)-(0|[1-9][0-9]{0,14})-(0|[1-9][0-9]{0,14})\.vtt$/

/** The name of a piece of a subtitle segment: that of the segment, and which of its cues are meant. Undefined for other names. */
export function parsePieceName(
  text: string,
): { readonly name: SegmentName; readonly range: CueRange } | undefined {
  const [, start = '', from = NO_BOUND, to = NO_BOUND] = piecePattern.exec(text) ?? []
  const name = parseSegmentName(`${start}.vtt`)
  const boundOf = (digits: string) => (digits === NO_BOUND ? undefined : Number(digits))
  return name && { name, range: { fromMs: boundOf(from), toMs: boundOf(to) } }
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
