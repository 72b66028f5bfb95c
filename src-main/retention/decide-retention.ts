/** What the person allows to go. 0 = no limit. */
export interface RetentionLimits {
  /** Footage older than this goes. */
  readonly maxAgeMs: number
  /** Above it, a recording loses its oldest footage. */
  readonly maxRecordingBytes: number
  /** Above it, trash goes, then the oldest footage of all recordings. */
  readonly maxLibraryBytes: number
  /** So much stays free on the disk: below it trash goes. */
  readonly headroomBytes: number
  /** Below the headroom, the oldest footage goes, too. */
  readonly deletesForSpace: boolean
  /** How long deleted recordings can be had back. */
  readonly trashMs: number
}

/** The smallest piece of a recording that is let go at once. */
export interface Stretch {
  /** Unix ms. */
  readonly startMs: number
  readonly endMs: number
  readonly bytes: number
}

export interface HeldRecording {
  readonly id: string
  readonly pinned: boolean
  /** Footage from here on stays: it is pinned, in use, or still being recorded. Unix ms; absent = none has to. */
  readonly keepFromMs?: number
  /** All of it, in order of time. */
  readonly stretches: readonly Stretch[]
}

export interface RetentionState {
  readonly recordings: readonly HeldRecording[]
  readonly trash: readonly {
    readonly id: string
    readonly deletedMs: number
    readonly bytes: number
  }[]
  /** Of the library's disk; undefined where nobody knows. */
  readonly freeBytes: number | undefined
}

type LetGoReason = 'trash' | 'age' | 'recording-size' | 'library-size' | 'space'

export interface LetGo {
  readonly kind: 'trash' | 'footage'
  /** Of the recording. */
  readonly id: string
  /** Footage: all that ends at or before it, unix ms. */
  readonly untilMs: number
  /** Nothing of the recording is left then. */
  readonly whole: boolean
  readonly bytes: number
  /** The first reason that took some of it. */
  readonly reason: LetGoReason
}

/** A stretch that may go. */
interface Candidate extends Stretch {
  readonly id: string
}

const sumOf = (parts: readonly { readonly bytes: number }[]): number =>
  parts.reduce((sum, { bytes }) => sum + bytes, 0)

/**
 * Decides what goes: what the trash has kept long enough, what is too old, what is above a limit of size, and what stands
 * in the way of free space; trash first, then the oldest footage, and no more than is needed. What is pinned, in use or
 * still being recorded never goes, nor does anything behind it in the same recording. Pure.
 *
 * @returns the oldest first; each recording and each deleted recording once.
 */
export function decideRetention(
  state: RetentionState,
  limits: RetentionLimits,
  nowMs: number,
): readonly LetGo[] {
  const held = new Map(state.recordings.map((recording) => [recording.id, recording]))
  const left = candidatesOf(state.recordings)
  const bytesOf = new Map(state.recordings.map(({ id, stretches }) => [id, sumOf(stretches)]))
  let libraryBytes = sumOf(state.trash) + [...bytesOf.values()].reduce((sum, one) => sum + one, 0)
  const trash = [...state.trash].sort((a, b) => a.deletedMs - b.deletedMs)
  const going = new Map<string, LetGo>()
  let freed = 0

  const dropTrash = (): boolean => {
    const oldest = trash.shift()
    if (oldest === undefined) return false
    const { id, bytes, deletedMs } = oldest
    const gone = { kind: 'trash', id, bytes, untilMs: deletedMs, whole: true } as const
    going.set(`trash ${id}`, { ...gone, reason: 'trash' })
    freed += bytes
    libraryBytes -= bytes
    return true
  }
  /** @returns false where there is none. */
  const dropOldest = (reason: LetGoReason, only?: string): boolean => {
    const at = only === undefined ? 0 : left.findIndex(({ id }) => id === only)
    const [next] = at < 0 ? [] : left.splice(at, 1)
    if (next === undefined) return false
    const { id, endMs, bytes } = next
    const before = going.get(id)
    const all = held.get(id)?.stretches ?? []
    going.set(id, {
      kind: 'footage',
      id,
      untilMs: Math.max(endMs, before?.untilMs ?? endMs),
      whole: all.at(-1)?.endMs === endMs,
      bytes: bytes + (before?.bytes ?? 0),
      reason: before?.reason ?? reason,
    })
    bytesOf.set(id, (bytesOf.get(id) ?? 0) - bytes)
    freed += bytes
    libraryBytes -= bytes
    return true
  }

  while (trash[0] !== undefined && trash[0].deletedMs + limits.trashMs <= nowMs) dropTrash()
  if (limits.maxAgeMs > 0) {
    const tooOldMs = nowMs - limits.maxAgeMs
    for (const { id } of state.recordings) {
      while ((left.find((one) => one.id === id)?.endMs ?? nowMs) <= tooOldMs) dropOldest('age', id)
    }
  }
  if (limits.maxRecordingBytes > 0) {
    for (const { id } of state.recordings) {
      while ((bytesOf.get(id) ?? 0) > limits.maxRecordingBytes) {
        if (!dropOldest('recording-size', id)) break
      }
    }
  }
  const dropUntil = (isEnough: () => boolean, reason: LetGoReason, footage: boolean): void => {
    while (!isEnough()) if (!dropTrash() && !(footage && dropOldest(reason))) return
  }
  if (limits.maxLibraryBytes > 0) {
    dropUntil(() => libraryBytes <= limits.maxLibraryBytes, 'library-size', true)
  }
  const { freeBytes } = state
  if (limits.headroomBytes > 0 && freeBytes !== undefined) {
    const isEnough = () => freeBytes + freed >= limits.headroomBytes
    dropUntil(isEnough, 'space', limits.deletesForSpace)
  }
  return [...going.values()]
}

/** What may go, the oldest first over all recordings; within one, always in order of time. */
function candidatesOf(recordings: readonly HeldRecording[]): Candidate[] {
  return recordings
    .filter(({ pinned }) => !pinned)
    .flatMap(({ id, keepFromMs = Number.POSITIVE_INFINITY, stretches }) => {
      const firstKept = stretches.findIndex(({ endMs }) => endMs > keepFromMs)
      const free = firstKept < 0 ? stretches : stretches.slice(0, firstKept)
      return free.map((stretch) => ({ ...stretch, id }))
    })
    .sort((a, b) => a.startMs - b.startMs)
}
