import type { MediaPlaylist, MediaSegment } from '../../src-main/hls/playlist'
import { mediaPlaylist } from './playlists'

/** A segment that the source has listed, known by a number that no other has. */
export interface OfferedSegment {
  readonly id: number
  readonly run: number
  readonly mediaSequence: number
  readonly uri: string
  /** Unix ms, where the source tells the time. */
  readonly startMs: number | undefined
  /** Listed with EXT-X-GAP. */
  readonly gap: boolean
  /** First listed by an edge that was behind: by then its number may have been noted as missed. */
  readonly late: boolean
}

/** A live source with a history of its own: it slides, stands still, jumps, starts over, marks gaps; its edges are out of step. */
export interface RandomSource {
  /** What an edge answers now: most of the time the newest listing, else one of the last few. What it lists counts as offered. */
  load(): MediaPlaylist
  /** The newest listing, without offering anything: for a look before the recording begins. */
  look(): MediaPlaylist
  /** Every edge shows the newest listing from now on. */
  settle(): void
  /** Time goes by at the source. */
  step(): void
  /** Each segment that `load` has listed, once, in the order of its first listing. A recording begins with the last three of the first listing. */
  readonly offered: readonly OfferedSegment[]
}

const SEGMENT_SEC = 2
/** The id of a segment is told by its length: the one thing that goes from the listing into the log untouched. */
const ID_SEC = 1e-6
export const idOf = (durationSec: number): number =>
  Math.round((durationSec - SEGMENT_SEC) / ID_SEC)

/** Nobody can tell a start that is gone within a few loads from an old copy without a clock, or before the names are known to be stable. */
const STEADY_STEPS = 5

/**
 * A start that is first seen when it has lost its beginning already, while nothing tells so: there is no clock, or by the clock it reads as the
 * old numbering that goes on after a pause. Then no gap can be noted in its place, and what an edge shows of the beginning afterwards
 * can be stored in no order.
 */
function hidesItsBeginning(first: Place, before: Place | undefined, withClock: boolean): boolean {
  if (before === undefined) return false
  const numbers = first.mediaSequence - before.mediaSequence
  return !withClock || (numbers > 0 && numbers <= first.id - before.id)
}

/** A segment by its number, and by how many were made before it. */
interface Place {
  readonly mediaSequence: number
  readonly id: number
}

/** An edge that shows nothing but old listings for longer than this is the source, as far as anybody can tell. */
const MOST_OLD_IN_A_ROW = 2

interface Listing {
  readonly run: number
  readonly segments: readonly MediaSegment[]
}

function playlistOf({ segments }: Listing): MediaPlaylist {
  const first = segments[0]?.mediaSequence ?? 0
  return { ...mediaPlaylist({ first, count: 0 }), segments }
}

/** @param options.withClock the playlist tells the time. */
export function createRandomSource(options: {
  random: () => number
  withClock: boolean
  startMs: number
}): RandomSource {
  const { random, withClock, startMs } = options
  const below = (limit: number) => Math.floor(random() * limit)
  const chance = (probability: number) => random() < probability
  const windowSize = 3 + below(8)
  const history: Listing[] = []
  const offered = new Map<number, OfferedSegment>()
  let run = 0
  let next = 100 + below(50)
  let window: MediaSegment[] = []
  let made = 0
  let isSettled = false
  let startedAt = 0
  let oldInARow = 0
  let oldestWanted: number | undefined
  /** From which number on each run has been listed, where an edge must not show what was before that. */
  const shownFrom = new Map<number, number>()

  const append = () => {
    const { segments } = mediaPlaylist({ first: next, count: 1, run: `run${run}` })
    const [plain] = segments
    if (plain === undefined) throw new Error('a listing of one segment has one')
    const programDateTimeMs = startMs + made * SEGMENT_SEC * 1000
    window.push({
      ...plain,
      durationSec: SEGMENT_SEC + made * ID_SEC,
      gap: chance(0.03),
      ...(withClock ? { programDateTimeMs } : {}),
    })
    made += 1
    next += 1
    if (window.length > windowSize) window.shift()
  }
  const advance = (count: number) => {
    for (let done = 0; done < count; done += 1) append()
  }
  const startOver = () => {
    startedAt = history.length
    run += 1
    window = []
    next = chance(0.5) ? below(4) : Math.max(0, next - 20 + below(60))
    append()
  }
  const remember = () => history.push({ run, segments: [...window] })
  const placeOf = ({ mediaSequence, durationSec }: MediaSegment): Place => ({
    mediaSequence,
    id: idOf(durationSec),
  })
  const mayBeShown = ({ run: its, segments }: Listing) =>
    (segments[0]?.mediaSequence ?? 0) >= (shownFrom.get(its) ?? 0)
  const noteShown = ({ run: its, segments }: Listing) => {
    const [first] = segments
    if (first === undefined || shownFrom.has(its)) return
    const before = [...offered.values()].at(-1)
    const isHidden = hidesItsBeginning(placeOf(first), before, withClock)
    shownFrom.set(its, isHidden ? first.mediaSequence : 0)
  }

  advance(windowSize)
  remember()

  return {
    get offered() {
      return [...offered.values()]
    },
    settle() {
      isSettled = true
    },
    step() {
      const happens = random()
      const steadySteps = withClock && startedAt > 0 ? 0 : STEADY_STEPS
      const mayChange = history.length - startedAt > steadySteps
      if (happens < 0.05 && mayChange) startOver()
      else if (happens < 0.1 && mayChange) advance(windowSize + below(20))
      else if (happens < 0.8) advance(1 + below(2))
      remember()
    },
    load() {
      const mayBeOutOfStep = !isSettled && history.length > 4 && oldInARow < MOST_OLD_IN_A_ROW
      const isOutOfStep = mayBeOutOfStep && chance(0.25)
      oldInARow = isOutOfStep ? oldInARow + 1 : 0
      const behind = isOutOfStep ? 1 + below(3) : 0
      const wanted = history.at(-1 - behind)
      const listing = wanted !== undefined && mayBeShown(wanted) ? wanted : history.at(-1)
      if (listing === undefined) throw new Error('the history begins with a listing')
      noteShown(listing)
      oldestWanted ??= idOf(listing.segments.at(-3)?.durationSec ?? 0)
      for (const segment of listing.segments) {
        const { mediaSequence, uri, gap } = segment
        const id = idOf(segment.durationSec)
        if (id < oldestWanted || offered.has(id)) continue
        offered.set(id, {
          id,
          run: listing.run,
          mediaSequence,
          uri,
          startMs: segment.programDateTimeMs,
          gap,
          late: listing !== history.at(-1),
        })
      }
      return playlistOf(listing)
    },
    look: () => playlistOf({ run, segments: window }),
  }
}
