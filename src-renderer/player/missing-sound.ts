import type { Playback } from '../../src-preload/contract/model'

type Sound = Playback['sounds'][number]

/** A hole that is shorter is jumped over by hls.js. */
const SHORTEST_MS = 1000
/** While it is recorded, sound is stored a little later than its picture. What is missing for longer does not come soon. */
const LATE_MS = 8000

/** What is known when it is to be told whether the picture has its sound. Instants in unix ms. */
export interface SoundQuestion {
  /** Absent where the sound is inside the picture: it is never missing. */
  readonly sound: Sound | undefined
  readonly atMs: number
  /** The stored picture, from its first instant to its last. */
  readonly picture: { readonly fromMs: number; readonly toMs: number }
  readonly isGrowing: boolean
  /** So much of the picture goes by until something is done about it: at the very end of its sound, a player stops, or leaves out what has none. Milliseconds. */
  readonly leadMs: number
  /** The picture goes on without sound: it does not stop to wait for some that is late. */
  readonly isAlone?: boolean
}

/** Whether the picture can be played with its sound at an instant. Pure. */
export function hasSound(question: SoundQuestion): boolean {
  const { sound, atMs, picture, isGrowing, leadMs, isAlone = false } = question
  if (sound === undefined) return true
  const { stretches } = sound
  const nextAt = stretches.findIndex(({ toMs }) => toMs - leadMs > atMs)
  const before = stretches[nextAt < 0 ? stretches.length - 1 : nextAt - 1]
  const next = nextAt < 0 ? undefined : stretches[nextAt]
  if (next !== undefined && next.fromMs <= atMs) return true
  const lackMs = (next?.fromMs ?? picture.toMs) - (before?.toMs ?? picture.fromMs)
  const mayBeLate = next === undefined && isGrowing && !isAlone
  return lackMs < (mayBeLate ? LATE_MS : SHORTEST_MS)
}

/**
 * What an opened playlist shows of a sound while it grows: what came late in between is not in it, only what is new at
 * the end.
 */
export function grownSound(opened: Sound | undefined, now: Sound | undefined): Sound | undefined {
  if (opened === undefined || now === undefined) return now
  const knownMs = opened.stretches.at(-1)?.toMs ?? Number.NEGATIVE_INFINITY
  const added = now.stretches.flatMap(({ fromMs, toMs }) =>
    toMs > knownMs ? [{ fromMs: Math.max(fromMs, knownMs), toMs }] : [],
  )
  const [first, ...others] = added
  const last = opened.stretches.at(-1)
  if (first === undefined) return opened
  if (last === undefined || first.fromMs > last.toMs) {
    return { ...now, stretches: [...opened.stretches, ...added] }
  }
  const joined = { ...last, toMs: first.toMs }
  return { ...now, stretches: [...opened.stretches.slice(0, -1), joined, ...others] }
}
