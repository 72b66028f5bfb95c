import { VsrError } from '../../../src-preload/contract/errors'
import type { Logger } from '../../ports/logger'
import type { RecordingStore, SpanRow, SpanStore, TrackStore } from '../../store/model'
import { createListingPlaces, type PlacedBatch } from './listing-places'
import { spansOfListing } from './listing-spans'

/** Keeps what the source marks on the recording's timeline. */
export interface SpanRecorder {
  /**
   * Takes a load of a track's playlist. Those of other tracks than the main one are not looked at: they
   * repeat what it marks. Returns at once; writes only what is new.
   */
  note(trackId: string, batch: PlacedBatch): void
  /** Waits for what is being written. Idempotent. */
  close(): Promise<void>
}

/** As many as the store keeps. */
const MOST_KNOWN = 10_000

/** Never fails: spans that cannot be read or written do not keep a recording from running. */
export async function openSpanRecorder(options: {
  readonly recording: RecordingStore
  readonly track: TrackStore
  readonly logger: Logger
}): Promise<SpanRecorder> {
  const { recording, track, logger } = options
  try {
    return createSpanRecorder({ store: await recording.spans(), track, logger })
  } catch (err) {
    if (!(err instanceof VsrError)) throw err
    logger.warn({ err, code: err.code }, 'spans of the source are not recorded')
    return { note: () => undefined, close: () => Promise.resolve() }
  }
}

function createSpanRecorder(options: {
  readonly store: SpanStore
  readonly track: TrackStore
  readonly logger: Logger
}): SpanRecorder {
  const { store, track, logger } = options
  const places = createListingPlaces(track.index)
  const known = new Map(store.list().map((row) => [row.id, row]))
  /** Not on disk yet, the newest state of each. */
  let unsaved = new Map<string, SpanRow>()
  let saving: Promise<void> | undefined
  let firstMs = track.index.length > 0 ? track.index.startMsAt(0) : undefined

  const remember = (row: SpanRow) => {
    known.set(row.id, row)
    unsaved.set(row.id, row)
    const [oldest] = known.keys()
    if (known.size > MOST_KNOWN && oldest !== undefined) known.delete(oldest)
  }
  const save = async () => {
    while (unsaved.size > 0) {
      const rows = unsaved
      unsaved = new Map()
      try {
        await store.put([...rows.values()])
      } catch (err) {
        // The next listing tries again; a disk that refuses is shown with the segments.
        unsaved = new Map([...rows, ...unsaved])
        logger.warn({ err, spans: rows.size }, 'spans could not be stored')
        return
      }
    }
  }
  return {
    note(trackId, { items, epoch, playlist }) {
      if (trackId !== track.info.id) return
      places.follow({ items, epoch, playlist })
      const newEpoch = items.find((item) => item.kind === 'break' && item.row.reason === 'epoch')
      const newEpochMs = newEpoch?.kind === 'break' ? newEpoch.row.startMs : undefined
      firstMs ??= newEpochMs
      const isTold = (playlist.dateRanges?.length ?? 0) + (playlist.cues?.length ?? 0) > 0
      if (isTold || newEpochMs !== undefined) {
        const placed = isTold ? places.place(playlist) : []
        const from = { known, playlist, placed, epoch, firstMs: firstMs ?? 0, newEpochMs }
        for (const row of spansOfListing(from)) remember(row)
      }
      if (unsaved.size === 0) return
      saving ??= save().finally(() => {
        saving = undefined
      })
    },
    async close() {
      await saving
    },
  }
}
