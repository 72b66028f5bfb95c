/** What stays free unless the person says otherwise: so much, or this share of a small disk. */
const USUAL_HEADROOM_BYTES = 1_000_000_000
const USUAL_HEADROOM_SHARE = 0.02

/** `ok`; `low`: soon something has to go; `full`: nothing new is stored until there is space again. */
export type SpaceState = 'ok' | 'low' | 'full'

/** What is to stay free on the library's disk, in bytes; 0 = nothing. */
export function headroomOf(setting: number | 'auto', totalBytes: number): number {
  if (setting !== 'auto') return setting
  return Math.round(Math.min(USUAL_HEADROOM_BYTES, totalBytes * USUAL_HEADROOM_SHARE))
}

/** Recording pauses below it: half of the headroom, so that there is time to make room, and place for what is on its way. */
export const pauseBelowBytes = (headroomBytes: number): number => headroomBytes / 2

/**
 * What the disk allows. Pure. It warns from twice the headroom on, and goes on after a pause only at three quarters of it, so that the two
 * do not take turns.
 */
export function spaceStateOf(options: {
  readonly freeBytes: number
  readonly headroomBytes: number
  readonly before: SpaceState
}): SpaceState {
  const { freeBytes, headroomBytes, before } = options
  if (headroomBytes === 0) return 'ok'
  const goesOnAt = before === 'full' ? headroomBytes * 0.75 : pauseBelowBytes(headroomBytes)
  if (freeBytes < goesOnAt) return 'full'
  return freeBytes < headroomBytes * 2 ? 'low' : 'ok'
}
