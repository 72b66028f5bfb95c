/** Work that is done one after the other. */
export interface Turns {
  /** Runs `work` when all that came before is over, be it in vain; its outcome is the caller's. */
  take<T>(work: () => Promise<T>): Promise<T>
  /** Resolves when everything so far is over. Never rejects. */
  idle(): Promise<void>
}

export function createTurns(): Turns {
  let last: Promise<unknown> = Promise.resolve()
  return {
    take(work) {
      const own = last.then(work)
      // Its caller is told where it fails.
      last = own.catch(() => undefined)
      return own
    },
    async idle() {
      await last
    },
  }
}
