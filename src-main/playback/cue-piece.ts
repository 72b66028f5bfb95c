import { VsrError } from '../../src-preload/contract/errors'
import { firstFragmentSec, firstPtsSec } from '../media/first-timestamp'
import { readTrackClocks } from '../media/track-clocks'
import type { SegmentRow, TrackStore } from '../store/model'
import { keepCues, type LocalRange, readTimestampMap, type TimestampMap } from './cue-range'
import { openStored } from './open-stored'
import type { CueRange } from './segment-name'
import { lastSegmentBefore } from './window'

/** The first timestamps of a segment lie in here. */
const HEAD_BYTES = 256 * 1024
/** A file that is larger is no segment of subtitles. */
const MOST_BYTES = 4 * 1024 * 1024
/** MPEG-TS timestamps have 33 bits. */
const WRAP_SEC = 2 ** 33 / 90_000

const EMPTY = 'WEBVTT\n\n'

/**
 * What a piece of a stored subtitle segment shows: the cues that go with the picture on one side of a break. The picture's
 * own timestamps tell which; where they cannot be read, all cues go with the side on which the segment's middle lies.
 *
 * @throws VsrError `segment_not_found` where the file is gone.
 */
export async function readCuePiece(options: {
  readonly subtitles: TrackStore
  readonly row: SegmentRow
  /** The track with the picture. */
  readonly main: TrackStore
  readonly range: CueRange
}): Promise<string> {
  const { subtitles, row, main, range } = options
  if (row.bytes > MOST_BYTES) return EMPTY
  const text = (await readStart(subtitles.pathOf(row), row.bytes)).toString('utf8')
  const map = readTimestampMap(text)
  const picture = pictureIn(main, range)
  const pictureSec = picture && (await firstSecIfThere(main, picture))
  if (map === undefined || picture === undefined || pictureSec === undefined) {
    return holdsMiddle(row, range) ? text : EMPTY
  }
  return keepCues(text, localRange(range, map, { atMs: picture.startMs, sec: pictureSec }))
}

/** A segment of the picture that lies on the side of a piece. */
function pictureIn({ index }: TrackStore, { fromMs, toMs }: CueRange): SegmentRow | undefined {
  const position =
    fromMs === undefined
      ? lastSegmentBefore(index, index.firstStartingAt((toMs ?? 0) - 1))
      : index.firstEndingAfter(fromMs + 1)
  if (position === undefined || position >= index.length) return undefined
  const row = index.rowAt(position)
  return row.kind === 'segment' ? row : undefined
}

function localRange(
  { fromMs, toMs }: CueRange,
  map: TimestampMap,
  picture: { readonly atMs: number; readonly sec: number },
): LocalRange {
  const apart = picture.sec - map.mpegSec
  const apartSec = apart - Math.round(apart / WRAP_SEC) * WRAP_SEC
  const localSec = (ms: number | undefined) =>
    ms === undefined ? undefined : map.localSec + apartSec + (ms - picture.atMs) / 1000
  return { fromSec: localSec(fromMs), toSec: localSec(toMs) }
}

function holdsMiddle({ startMs, durationSec }: SegmentRow, { fromMs, toMs }: CueRange): boolean {
  const middleMs = startMs + durationSec * 500
  return (fromMs ?? Number.NEGATIVE_INFINITY) <= middleMs && middleMs < (toMs ?? Infinity)
}

async function firstSecOf(track: TrackStore, row: SegmentRow): Promise<number | undefined> {
  const head = await readStart(track.pathOf(row), HEAD_BYTES)
  if (row.extension === 'ts') return firstPtsSec(head)
  const position = track.index.positionOf(row.initIndex)
  const init = position === undefined ? undefined : track.index.rowAt(position)
  if (init?.kind !== 'init') return undefined
  return firstFragmentSec(head, readTrackClocks(await readStart(track.pathOf(init), HEAD_BYTES)))
}

/** Undefined also where the file of the picture is gone: that is told by whoever asks for it. */
async function firstSecIfThere(track: TrackStore, row: SegmentRow): Promise<number | undefined> {
  try {
    return await firstSecOf(track, row)
  } catch (error) {
    if (error instanceof VsrError && error.code === 'segment_not_found') return undefined
    throw error
  }
}

async function readStart(file: string, bytes: number): Promise<Buffer> {
  const handle = await openStored(file)
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(bytes), 0, bytes, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await handle.close()
  }
}
