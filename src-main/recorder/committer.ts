import type { VsrError } from '../../src-preload/contract/errors'
import type { Clock } from '../ports/clock'
import type { Logger } from '../ports/logger'
import type {
  GapRow,
  NewDiscontinuity,
  NewGap,
  NewSegment,
  SegmentRow,
  TrackStore,
} from '../store/model'
import { changedEncodingSince, joinsNeighbours } from './late/joins-neighbours'
import { gapOf } from './late/late-candidates'
import { discardTemp } from './segments/discard-temp'
import { isStorageError } from './gap-cause'
import { createInitRows } from './init-rows'
import { createKeyRows } from './key-rows'
import { mergeGaps } from './merge-gaps'
import type { PlannedSegment } from './plan'
import type { FetchedMedia } from './segments/obtain-media'
import type { FetchedSegment } from './segments/segment-fetcher'
import type { StreamInUse } from './source/track-candidates'
import type { OnTrouble } from './trouble'

/** A planned row, or what became of a planned segment: what the queue hands on, in order. */
export type CommitItem = { readonly kind: 'break'; readonly row: NewDiscontinuity } | FetchedSegment

/** Puts what was fetched into the track's log, in order. */
export interface Committer {
  /** @returns false once the session ends and nothing more is taken. */
  commit(items: readonly CommitItem[]): Promise<boolean>
  /** Puts a segment into the place of its gap. @returns false where there is no such gap yet. @throws VsrError of the store; the file is discarded then. */
  commitLate(media: FetchedMedia): Promise<boolean>
}

/** How long a full disk is left alone before the next try; short, so that recording goes on soon after space returns. */
const storageDelayMs = (attempt: number) => Math.min(5000, 1000 * 2 ** attempt)

/** How a track's log ends: with which initialization section in force, and whether a break stands before what comes next. */
function readEnd({ index }: TrackStore): { initIndex: number | undefined; afterBreak: boolean } {
  let initIndex: number | undefined
  for (let at = index.length - 1; at >= 0 && initIndex === undefined; at -= 1) {
    if (index.kindAt(at) === 'segment') initIndex = index.initIndexAt(at)
  }
  let last = index.length - 1
  // What a segment needs comes after its break, and before it.
  while (last >= 0 && ['key', 'init'].includes(index.kindAt(last))) last -= 1
  return { initIndex, afterBreak: last >= 0 && index.kindAt(last) === 'discontinuity' }
}

/**
 * @param options.refetch obtains a segment anew whose file the disk refused.
 * @param options.signal ends the wait for the disk; what is not stored by then is left for a later session.
 * @param options.onTrouble the disk refused something; `nextTryMs` is the wall clock of the next try.
 */
export function createCommitter(options: {
  track: TrackStore
  refetch: (planned: PlannedSegment) => Promise<FetchedSegment>
  clock: Clock
  logger: Logger
  signal: AbortSignal
  onTrouble: OnTrouble
  onStored: (row: SegmentRow) => void
}): Committer {
  const { track, refetch, clock, logger, signal, onTrouble, onStored } = options
  const inits = createInitRows({ track, logger })
  const keys = createKeyRows(track)
  const end = readEnd(track)
  /** Of the variant stream that was stored last. */
  let encoding: { readonly variantId?: string; readonly bandwidth: number } = track.info
  let encodingChanged = false
  let closed = false

  /** Waits out a disk that refuses. @returns false when the session ends first. */
  const waitForDisk = async (error: VsrError, attempt: number): Promise<boolean> => {
    const delayMs = storageDelayMs(attempt)
    onTrouble(error, clock.nowMs() + delayMs)
    try {
      await clock.sleep(delayMs, signal)
      return true
    } catch (reason) {
      if (signal.aborted) return false
      throw reason
    }
  }
  /** Appends a row that must not be lost. @returns false when the session ends before the disk takes it. */
  const append = async (write: () => Promise<unknown>): Promise<boolean> => {
    for (let attempt = 0; ; attempt += 1) {
      try {
        await write()
        return true
      } catch (error) {
        if (!isStorageError(error)) throw error
        if (!(await waitForDisk(error, attempt))) return false
      }
    }
  }

  const commitBreak = async (row: NewDiscontinuity) => {
    const isWritten = await append(() => track.appendDiscontinuity(row))
    if (!isWritten) return false
    end.afterBreak = true
    if (row.reason === 'epoch')
      logger.info({ track: track.info.id, epoch: row.epoch }, 'epoch began')
    return true
  }
  const commitGap = async (row: NewGap, refusal?: VsrError) => {
    const isWritten = await append(() => track.appendGap(row))
    if (!isWritten) return false
    end.afterBreak = false
    const { mediaSequence, count, cause } = row
    logger.warn({ track: track.info.id, mediaSequence, count, cause }, 'gap')
    if (refusal !== undefined) onTrouble(refusal)
    return true
  }
  /** Of what was stored last. What that was before a restart is told by its bit rate. */
  const isStoredEncoding = ({ variantId, info }: Pick<StreamInUse, 'variantId' | 'info'>) =>
    encoding.variantId === undefined
      ? info.bandwidth === encoding.bandwidth
      : variantId === encoding.variantId
  /** Another variant stream has another encoding, which MPEG-TS would not tell by itself. */
  const noteEncoding = async ({ variantId, info }: StreamInUse): Promise<boolean> => {
    const { bandwidth, codecs, resolution } = info
    const isSame = isStoredEncoding({ variantId, info })
    if (isSame && bandwidth === encoding.bandwidth) {
      encoding = { variantId, bandwidth }
      return false
    }
    // Told before the first segment of it is stored: a session that is cut off in between marks one break too many at worst.
    await track.describe({
      bandwidth,
      ...(codecs === '' ? {} : { codecs }),
      ...(resolution === undefined ? {} : { resolution }),
    })
    encoding = { variantId, bandwidth }
    return !isSame
  }
  /** It follows on the last one without a row in between. */
  const isPlain = ({ stream, init, key }: FetchedMedia): boolean => {
    const initIndex = inits.indexOf(init)
    return (
      !encodingChanged &&
      stream.variantId === encoding.variantId &&
      stream.info.bandwidth === encoding.bandwidth &&
      initIndex !== undefined &&
      initIndex === end.initIndex &&
      keys.isInForce(key)
    )
  }
  /** Appends the rows that a segment needs before it. @returns what its own row says. */
  const prepare = async (media: FetchedMedia): Promise<NewSegment> => {
    const { planned, stream, extension, init, key } = media
    const { epoch, startMs, segment } = planned
    const { mediaSequence, discontinuitySequence, durationSec } = segment
    encodingChanged = (await noteEncoding(stream)) || encodingChanged
    const initChanged = inits.indexOf(init) !== end.initIndex
    if (end.initIndex !== undefined && (initChanged || encodingChanged) && !end.afterBreak) {
      const row = { epoch, startMs, mediaSequence, clock: 'source' as const }
      const reason = encodingChanged ? 'variant-change' : 'init-change'
      await track.appendDiscontinuity({ ...row, reason })
      end.afterBreak = true
    }
    encodingChanged = false
    const initIndex = await inits.put(init, planned)
    const base = { epoch, startMs, mediaSequence, discontinuitySequence, durationSec }
    const sealed = await keys.put(key, planned)
    return { ...base, ...sealed, extension, initIndex }
  }
  const noteStored = (row: SegmentRow): void => {
    const { mediaSequence, bytes, initIndex } = row
    end.initIndex = initIndex
    end.afterBreak = false
    logger.debug({ track: track.info.id, mediaSequence, bytes }, 'segment stored')
    onStored(row)
  }
  const commitMedia = async (media: FetchedMedia): Promise<void> => {
    const segment = await prepare(media)
    noteStored(await track.commitSegment(media.temp, segment))
  }
  /** Stores a segment; where the disk refuses it, waits, fetches it anew and tries again. */
  const commitFetched = async (first: FetchedSegment): Promise<boolean> => {
    let fetched = first
    for (let attempt = 0; ; attempt += 1) {
      let refused: { planned: PlannedSegment; error: VsrError }
      switch (fetched.kind) {
        case 'dropped':
          return false
        case 'gap':
          return await commitGap(
            attempt === 0 ? fetched.row : { ...fetched.row, cause: 'storage' },
            fetched.refusal,
          )
        case 'not-stored':
          refused = fetched
          break
        case 'media':
          try {
            await commitMedia(fetched)
            return true
          } catch (error) {
            await discardTemp(fetched.temp, logger)
            if (!isStorageError(error)) throw error
            refused = { planned: fetched.planned, error }
          }
      }
      // Refused while it was fetched, which may be long ago: the disk is asked once more before it is waited for.
      const isOld = attempt === 0 && fetched.kind === 'not-stored'
      if (!isOld && !(await waitForDisk(refused.error, attempt))) return false
      fetched = await refetch(refused.planned)
    }
  }

  const commitLateMedia = async (media: FetchedMedia, gap: GapRow): Promise<void> => {
    const { planned, stream, temp, extension, init, key } = media
    const { epoch, startMs, segment } = planned
    const { mediaSequence, discontinuitySequence, durationSec } = segment
    const initIndex = await inits.put(init, planned)
    const sealed = await keys.putLate(key, planned)
    const { index } = track
    const position = index.positionOf(gap.index) ?? index.length
    const joint = { discontinuitySequence, initIndex }
    const isSameEncoding = isStoredEncoding(stream) && !changedEncodingSince(index, position)
    const apart = !(isSameEncoding && joinsNeighbours(index, position, joint))
    const base = { epoch, startMs, mediaSequence, discontinuitySequence, durationSec }
    const late = { gapIndex: gap.index, apart, extension, initIndex }
    const row = await track.commitLate(temp, { ...base, ...sealed, ...late })
    const trackId = track.info.id
    logger.info({ track: trackId, mediaSequence, bytes: row.bytes }, 'missed segment stored late')
  }

  const joinGaps = (items: readonly CommitItem[]): CommitItem[] => {
    const joined: CommitItem[] = []
    for (const item of items) {
      const last = joined.at(-1)
      const row =
        item.kind === 'gap' && last?.kind === 'gap' ? mergeGaps(last.row, item.row) : undefined
      if (row === undefined) joined.push(item)
      else joined[joined.length - 1] = { ...item, kind: 'gap', row }
    }
    return joined
  }

  /** Behind what the session could not obtain any more: only media make it worth a row, else a later session begins there. */
  const held: CommitItem[] = []
  const releaseFor = (item: CommitItem): readonly CommitItem[] => {
    if (item.kind === 'media') return [...held.splice(0), item]
    if (item.kind !== 'dropped' && held.length === 0) return [item]
    held.push(item.kind === 'dropped' ? { kind: 'gap', row: item.gap } : item)
    return []
  }

  const commitItem = async (item: CommitItem): Promise<boolean> => {
    if (!closed) {
      // The order is the promise: behind something that was left out nothing may follow.
      closed = !(item.kind === 'break' ? await commitBreak(item.row) : await commitFetched(item))
    } else if (item.kind === 'media') await discardTemp(item.temp, logger)
    return !closed
  }
  /** Segments that follow on each other share the wait for the disk. @returns how many of the items it stored. */
  const commitRun = async (items: readonly CommitItem[]): Promise<number> => {
    const run: FetchedMedia[] = []
    for (const item of items) {
      if (closed || item.kind !== 'media' || !isPlain(item)) break
      run.push(item)
    }
    if (run.length < 2) return 0
    const group = await Promise.all(
      run.map(async (media) => ({ temp: media.temp, segment: await prepare(media) })),
    )
    // What is not stored is tried one by one.
    const { rows } = await track.commitSegments(group)
    rows.forEach(noteStored)
    return rows.length
  }

  return {
    async commit(items) {
      let left: readonly CommitItem[] = joinGaps(items.flatMap(releaseFor))
      while (left.length > 0) {
        const stored = await commitRun(left)
        const [next] = left.slice(stored)
        if (next !== undefined) await commitItem(next)
        left = left.slice(stored + 1)
      }
      return !closed
    },
    async commitLate(media) {
      const { epoch, segment, startMs } = media.planned
      const gap = gapOf(track.index, { epoch, mediaSequence: segment.mediaSequence })
      if (gap === undefined) {
        const isPlaceGone =
          startMs < (track.index.figures.startMs ?? 0) && track.index.gone.before > 0
        if (isPlaceGone) await discardTemp(media.temp, logger)
        return isPlaceGone
      }
      try {
        await commitLateMedia(media, gap)
        return true
      } catch (error) {
        await discardTemp(media.temp, logger)
        // Its place was let go meanwhile.
        if (gap.index < track.index.gone.before) return true
        throw error
      }
    },
  }
}
