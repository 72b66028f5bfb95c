import type { SegmentIndex } from '../store/model'

/** From an instant to another, unix ms. */
export interface Stretch {
  readonly fromMs: number
  readonly toMs: number
}

/** Segments that lie no farther apart are one stretch. */
const JOIN_MS = 500

/** The stretches of a track that are stored, in the order of time. A gap ends one, however short it is. */
export function footageOf(index: SegmentIndex): Stretch[] {
  const footage: { fromMs: number; toMs: number }[] = []
  let last: { fromMs: number; toMs: number } | undefined
  for (let position = 0; position < index.length; position += 1) {
    const kind = index.kindAt(position)
    if (kind === 'gap') last = undefined
    if (kind !== 'segment') continue
    const fromMs = Math.round(index.startMsAt(position))
    const toMs = Math.round(index.startMsAt(position) + index.durationSecAt(position) * 1000)
    if (last !== undefined && fromMs - last.toMs <= JOIN_MS) {
      last.toMs = Math.max(last.toMs, toMs)
    } else {
      last = { fromMs, toMs }
      footage.push(last)
    }
  }
  return footage
}
