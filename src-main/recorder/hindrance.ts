/** Remembers why the segments of a track failed while its playlist was not reloaded for want of room. */
interface Hindrance {
  /** A segment could not be obtained or stored. */
  failed(error: unknown): void
  stored(): void
  /** There is no room for further segments. */
  waiting(): void
  /** The failure that there was no room because of, once; undefined where there was room, or nothing failed. */
  take(): unknown
}

export function createHindrance(): Hindrance {
  /** The last failure since a segment was stored. */
  let current: unknown
  let isWaiting = false
  let seen: unknown

  return {
    failed(error) {
      current = error
      if (isWaiting) seen = error
    },
    stored() {
      current = undefined
    },
    waiting() {
      isWaiting = true
      seen = current ?? seen
    },
    take() {
      const taken = seen
      isWaiting = false
      seen = undefined
      return taken
    },
  }
}
