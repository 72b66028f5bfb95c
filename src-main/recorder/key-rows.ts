import type { TrackStore } from '../store/model'
import type { PlannedSegment } from './plan'
import type { FetchedKey } from './segments/download-segment'

/** The keys in a track's log (SAMPLE-AES). A key is stored anew when it comes again: only the last one is looked at. */
export interface KeyRows {
  /** The log's last key is this one, or none is needed. */
  isInForce(key: FetchedKey | undefined): boolean
  /** What the row of a segment says of its key; stores it first where needed. @throws VsrError of the store. */
  put(key: FetchedKey | undefined, planned: PlannedSegment): Promise<{ keyIndex?: number }>
  /** The same for a segment that comes late: the next in order is still compared with the one before it. */
  putLate(key: FetchedKey | undefined, planned: PlannedSegment): Promise<{ keyIndex?: number }>
}

interface KnownKey {
  readonly identity: string
  readonly index: number
}

const identityOf = ({ checksum, iv = '' }: Pick<FetchedKey, 'checksum' | 'iv'>) =>
  `${checksum} ${iv}`

function readLast({ index }: TrackStore): KnownKey | undefined {
  for (let position = index.length - 1; position >= 0; position -= 1) {
    if (index.kindAt(position) !== 'key') continue
    const row = index.rowAt(position)
    if (row.kind === 'key') return { identity: identityOf(row), index: row.index }
  }
  return undefined
}

export function createKeyRows(track: TrackStore): KeyRows {
  let last = readLast(track)
  const store = async (key: FetchedKey, { epoch, startMs }: PlannedSegment): Promise<KnownKey> => {
    const identity = identityOf(key)
    if (last?.identity === identity) return last
    const iv = key.iv === undefined ? {} : { iv: key.iv }
    const row = await track.commitKey(key.secret, { epoch, startMs, ...iv })
    return { identity, index: row.index }
  }
  return {
    isInForce: (key) => key === undefined || identityOf(key) === last?.identity,
    async put(key, planned) {
      if (key === undefined) return {}
      const stored = await store(key, planned)
      last = stored
      return { keyIndex: stored.index }
    },
    putLate: async (key, planned) =>
      key === undefined ? {} : { keyIndex: (await store(key, planned)).index },
  }
}
