/** Until the year 5138, as everywhere in VSR. */
const LATEST_MS = 99_999_999_999_999

/** EXT-X-PROGRAM-DATE-TIME in unix ms; UTC where it names no zone; undefined where it cannot be read. */
export function readProgramDateTime(text: string): number | undefined {
  const trimmed = text.trim()
  const hasZone = /(?:z|[+-]\d\d:?\d\d)$/i.test(trimmed)
  const ms = Date.parse(hasZone ? trimmed : `${trimmed}Z`)
  return ms >= 0 && ms <= LATEST_MS ? ms : undefined
}

interface Dated {
  readonly durationSec: number
  readonly discontinuity: boolean
  readonly programDateTimeMs: number | undefined
}

/**
 * The instant of every segment: own, else counted on from the segment before; and before the first own one counted back.
 * Never across a discontinuity, where the clock of the source may start anew.
 */
export function interpolateProgramDateTimes(
  segments: readonly Dated[],
): readonly (number | undefined)[] {
  const instants: (number | undefined)[] = []
  let nextMs: number | undefined
  for (const segment of segments) {
    const ownMs = segment.programDateTimeMs
    const atMs = ownMs ?? (segment.discontinuity ? undefined : nextMs)
    instants.push(atMs)
    nextMs = atMs === undefined ? undefined : atMs + segment.durationSec * 1000
  }
  let followingMs: number | undefined
  for (let i = segments.length - 1; i >= 0; i -= 1) {
    const segment = segments[i]
    if (segment === undefined) continue
    const atMs =
      instants[i] ??
      (followingMs === undefined ? undefined : followingMs - segment.durationSec * 1000)
    instants[i] = atMs
    followingMs = segment.discontinuity ? undefined : atMs
  }
  return instants.map((ms) => (ms === undefined ? undefined : Math.max(0, Math.round(ms))))
}
