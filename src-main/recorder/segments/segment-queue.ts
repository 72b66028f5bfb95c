/** Runs jobs side by side and hands their results on in the order in which they were pushed. */
export interface SegmentQueue<Item, Result> {
  /** Waits while as many wait as may. Resolves with false when the queue has ended and the item was not taken. */
  push(item: Item): Promise<boolean>
  /** Begins the newest item beside those that are under way, which may all be stuck; as many again as may run at once, and no more. */
  lookAhead(): void
  /** No more items will come. What is under way finishes; what has not begun is dropped unless `finishWaiting`. */
  end(options: { finishWaiting: boolean }): void
  /** How full it is: whether a push would wait, how many items have not begun, how many finished ones wait for an earlier one. */
  load(): { readonly isFull: boolean; readonly toBegin: number; readonly waiting: number }
  /** All results that are ready at the moment, in order; ends when all items are done. Rejects when a job did. One reader only. */
  results(): AsyncGenerator<readonly Result[], void, void>
}

interface Entry<Item, Result> {
  readonly item: Item
  started: boolean
  outcome?:
    | { readonly ok: true; readonly value: Result }
    | { readonly ok: false; readonly error: unknown }
}

/**
 * @param options.parallel jobs at once; asked anew for each start, so that a setting takes hold at once.
 * @param options.capacity most items begun and not handed on, finished ones that wait for an earlier one included.
 * @param options.most items inside, those that have not begun included; as many as `capacity` where absent.
 * @param options.run the job; its rejection ends `results()`.
 */
export function createSegmentQueue<Item, Result>(options: {
  parallel: () => number
  capacity: number
  most?: number
  run: (item: Item) => Promise<Result>
}): SegmentQueue<Item, Result> {
  const { parallel, capacity, most = capacity, run } = options
  const entries: Entry<Item, Result>[] = []
  const waiters = new Set<() => void>()
  let running = 0
  let ended = false

  /** Everyone who waits for a change looks again. */
  const changed = () => {
    for (const wake of waiters) wake()
    waiters.clear()
  }
  const nextChange = () => new Promise<void>((resolve) => waiters.add(resolve))

  const runEntry = async (entry: Entry<Item, Result>) => {
    try {
      entry.outcome = { ok: true, value: await run(entry.item) }
    } catch (error) {
      entry.outcome = { ok: false, error }
    }
    running -= 1
    startWaiting()
    changed()
  }
  const startWaiting = () => {
    for (const entry of entries.slice(0, capacity)) {
      if (running >= Math.max(1, parallel())) return
      if (entry.started) continue
      entry.started = true
      running += 1
      void runEntry(entry)
    }
  }
  const takeReady = (): Result[] => {
    const ready: Result[] = []
    for (let first = entries[0]; first?.outcome !== undefined; first = entries[0]) {
      if (!first.outcome.ok) {
        // What came before the failure is handed on first; the failure comes with the next look.
        if (ready.length > 0) return ready
        throw first.outcome.error
      }
      ready.push(first.outcome.value)
      entries.shift()
    }
    return ready
  }

  return {
    async push(item) {
      while (entries.length >= most && !ended) await nextChange()
      if (ended) return false
      entries.push({ item, started: false })
      startWaiting()
      changed()
      return true
    },
    lookAhead() {
      const newest = entries.findLast(({ started }) => !started)
      if (newest === undefined || running >= Math.max(1, parallel()) * 2) return
      newest.started = true
      running += 1
      void runEntry(newest)
    },
    end({ finishWaiting }) {
      ended = true
      if (!finishWaiting) {
        const begun = entries.filter((entry) => entry.started)
        entries.splice(0, entries.length, ...begun)
      }
      changed()
    },
    load() {
      const begun = entries.slice(0, capacity).filter(({ started }) => started)
      return {
        isFull: entries.length >= most,
        toBegin: entries.length - begun.length,
        waiting: begun.filter(({ outcome }) => outcome !== undefined).length,
      }
    },
    async *results() {
      for (;;) {
        const ready = takeReady()
        if (ready.length > 0) {
          startWaiting()
          changed()
          yield ready
        } else if (ended && entries.length === 0) {
          return
        } else {
          await nextChange()
        }
      }
    },
  }
}
