import type { TrackKind } from '../../../src-preload/contract/activity'
import type { TrackInfo } from '../../store/model'

/** A rendition before it has an id. */
export type NamelessTrack = Omit<TrackInfo, 'id'>

const letters: Record<TrackKind, string> = { video: 'v', audio: 'a', subtitles: 's' }

/** Is it the same rendition? From the surest sign to the weakest. */
const signs: readonly ((known: TrackInfo, offered: NamelessTrack) => boolean)[] = [
  (known, offered) => known.name === offered.name && known.language === offered.language,
  (known, offered) => known.language !== undefined && known.language === offered.language,
  (known, offered) => known.isDefault === true && offered.isDefault === true,
]

/**
 * Gives each offered rendition the id of the track that holds it already, else a new one. Renditions are told by
 * language and name, not by their place in the playlist: sources list them in any order, and leave some out at
 * times. Names alone may change (and do) without making another track of it.
 */
export function assignTrackIds(
  offered: readonly NamelessTrack[],
  known: readonly TrackInfo[],
): readonly TrackInfo[] {
  const ids = new Map<NamelessTrack, string>()
  const taken = new Set<string>()
  const give = (track: NamelessTrack, id: string) => {
    ids.set(track, id)
    taken.add(id)
  }
  for (const isSame of signs) {
    for (const track of offered) {
      if (ids.has(track)) continue
      const match = known.find(
        (other) => !taken.has(other.id) && other.kind === track.kind && isSame(other, track),
      )
      if (match !== undefined) give(track, match.id)
    }
  }
  const isUsed = (id: string) => taken.has(id) || known.some((track) => track.id === id)
  return offered.map((track) => {
    if (!ids.has(track)) give(track, nextId(letters[track.kind], isUsed))
    return { id: ids.get(track) ?? '', ...track }
  })
}

function nextId(letter: string, isUsed: (id: string) => boolean): string {
  let number = 0
  while (isUsed(`${letter}${number}`)) number += 1
  return `${letter}${number}`
}
