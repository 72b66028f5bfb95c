/** Which sound and which subtitles a person chose, by the names that the menus have; `subtitles` empty = none. */
export interface TrackChoice {
  readonly audio?: string
  readonly subtitles?: string
}

/** Remembers the choice of each recording, in this browser or window. */
export interface TrackMemory {
  of(recordingId: string): TrackChoice
  /** Adds to what is remembered. */
  remember(recordingId: string, choice: TrackChoice): void
}

const STORAGE_KEY = 'vsr-track-choices'
/** The recordings chosen in longest ago are forgotten. */
const MOST_RECORDINGS = 200

export function createTrackMemory(storage: Pick<Storage, 'getItem' | 'setItem'>): TrackMemory {
  /** Read anew each time: other tabs write there, too. */
  const read = () => new Map(readChoices(storage.getItem(STORAGE_KEY)))
  return {
    of: (recordingId) => read().get(recordingId) ?? {},
    remember(recordingId, choice) {
      const choices = read()
      const next = { ...choices.get(recordingId), ...choice }
      choices.delete(recordingId)
      choices.set(recordingId, next)
      storage.setItem(STORAGE_KEY, JSON.stringify([...choices].slice(-MOST_RECORDINGS)))
    },
  }
}

/** Whatever stands there: what is not ours is nothing. */
function readChoices(text: string | null): readonly (readonly [string, TrackChoice])[] {
  try {
    const entries: unknown = JSON.parse(text ?? '[]')
    return Array.isArray(entries) ? entries.flatMap(readEntry) : []
  } catch {
    return []
  }
}

function readEntry(entry: unknown): (readonly [string, TrackChoice])[] {
  if (!Array.isArray(entry)) return []
  const [id, choice]: readonly unknown[] = entry
  if (typeof id !== 'string' || typeof choice !== 'object' || choice === null) return []
  const textOf = (key: string) => {
    const value: unknown = Reflect.get(choice, key)
    return typeof value === 'string' ? { [key]: value } : {}
  }
  return [[id, { ...textOf('audio'), ...textOf('subtitles') }]]
}
