import type { SegmentIndex } from '../store/model'
import { keptPerIndex } from './kept'

/** From an instant to another, unix ms. */
export interface Stretch {
  readonly fromMs: number
  readonly toMs: number
}

/** Segments that lie no farther apart are one stretch. */
const JOIN_MS = 500

interface Footage {
  /** Grown in place: an object per segment would be most of the first walk. */
  readonly stretches: { readonly fromMs: number; toMs: number }[]
  /** The next segment may be of the last stretch. */
  goesOn: boolean
}

const keptFootage = keptPerIndex<Footage>(
  () => ({ stretches: [], goesOn: false }),
  (found, index, position) => {
    const kind = index.kindAt(position)
    if (kind === 'gap') found.goesOn = false
    if (kind !== 'segment') return
    const fromMs = Math.round(index.startMsAt(position))
    const toMs = Math.round(index.startMsAt(position) + index.durationSecAt(position) * 1000)
    const { stretches } = found
    const last = found.goesOn ? stretches.at(-1) : undefined
    if (last !== undefined && fromMs - last.toMs <= JOIN_MS) {
      last.toMs = Math.max(last.toMs, toMs)
    } else stretches.push({ fromMs, toMs })
    found.goesOn = true
  },
)

/** The stretches of a track that are stored, in the order of time. A gap ends one, however short it is. */
export const footageOf = (index: SegmentIndex): Stretch[] =>
  keptFootage(index).stretches.map((stretch) => ({ ...stretch }))

/** Looks at footage that is new without holding up anything else, so that `footageOf` answers at once: a year of it is millions of rows. */
export const prepareFootage = (index: SegmentIndex): Promise<void> => keptFootage.ahead(index)
