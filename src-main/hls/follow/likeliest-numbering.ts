import type { MediaPlaylist } from '../playlist'
import type { Numbering } from './numbering'
import { instantsOf } from './playlist-identity'
import type { Position, Relation } from './relation'

/** A jump of the epoch's own numbering by so much is believed rather than that an edge goes on with one that was left. */
const PLAIN_JUMP_SEC = 60

interface Related {
  readonly numbering: Numbering
  readonly relation: Relation
}

interface Way extends Position {
  readonly numbering: Numbering
}

/** True where something of another numbering lies between the end of this one and a listing behind it: the source had left it by then. */
function isOvertaken(
  { numbering, kind }: Way,
  all: readonly Related[],
  playlist: MediaPlaylist,
): boolean {
  const firstMs = playlist.segments[0]?.programDateTimeMs
  const lastMs = instantsOf(numbering.marks).at(-1)
  if (kind !== 'ahead' || firstMs === undefined || lastMs === undefined) return false
  return all.some(
    (other) =>
      other.numbering !== numbering &&
      instantsOf(other.numbering.marks).some((atMs) => atMs > lastMs && atMs < firstMs),
  )
}

const leastUnexplained = (ways: readonly Way[]): Way | undefined =>
  ways.toSorted((a, b) => a.unexplainedSec - b.unexplainedSec)[0]

/**
 * Of which of the numberings that know nothing of a listing it is all the same, most likely: by the instants where they are told, else the one
 * that it goes on with after the shortest jump. Pure.
 *
 * @param related all that are remembered: the epoch's own first, the oldest last.
 * @returns undefined where it can be of none.
 */
export function likeliestOf(related: readonly Related[], playlist: MediaPlaylist): Way | undefined {
  const oldest = related.at(-1)?.numbering
  const ways = related
    .flatMap(({ numbering, relation }): Way[] => {
      if (relation.kind === 'other' || relation.kind === 'shows') return []
      // What lies before all that is remembered was there before us; what lies before a later one was never seen.
      return relation.kind === 'before' && numbering !== oldest ? [] : [{ numbering, ...relation }]
    })
    .filter((way) => !isOvertaken(way, related, playlist))
  const sure = leastUnexplained(ways.filter(({ isSure }) => isSure))
  if (sure !== undefined) return sure
  const ahead = ways.filter(({ kind }) => kind === 'ahead')
  const own = ahead.find(({ numbering }) => numbering === related[0]?.numbering)
  if (own !== undefined && own.unexplainedSec <= PLAIN_JUMP_SEC) return own
  return ways.find(({ kind }) => kind !== 'ahead') ?? leastUnexplained(ahead)
}
