import { createStore, type StoreApi } from 'zustand/vanilla'

/** A time range on the wall clock, unix milliseconds, `fromMs < toMs`. */
export interface TimeRange {
  readonly fromMs: number
  readonly toMs: number
}

export type RangeEnd = 'in' | 'out'

/** What was typed for a range and cannot be taken; `range` stays what it was. */
export interface TypedRange {
  readonly texts: Readonly<Partial<Record<RangeEnd, string>>>
  readonly problem: {
    readonly end: RangeEnd
    readonly reason: 'unreadable' | 'outside' | 'order'
  }
}

interface SelectionState {
  readonly recordingId?: string
  readonly range?: TimeRange
  /** While it is there the range is in doubt: nothing is exported. */
  readonly typed?: TypedRange
}

export interface SelectionStore {
  readonly store: StoreApi<SelectionState>
  select(recordingId: string | undefined): void
  /** Whole milliseconds; the ends may come in either order; an empty range clears. */
  setRange(fromMs: number, toMs: number): void
  clearRange(): void
  /** Keeps the range, and remembers what was typed instead and why not. Any new range forgets it. */
  refuseTyped(typed: TypedRange): void
}

/** Which recording is open, and which range of it is marked. */
export function createSelectionStore(): SelectionStore {
  const store = createStore<SelectionState>(() => ({}))
  const replaceRange = (range: TimeRange | undefined) =>
    store.setState(
      ({ recordingId }) => ({
        ...(recordingId === undefined ? {} : { recordingId }),
        ...(range === undefined ? {} : { range }),
      }),
      true,
    )
  return {
    store,
    select(recordingId) {
      if (store.getState().recordingId === recordingId) return
      store.setState(recordingId === undefined ? {} : { recordingId }, true)
    },
    setRange(a, b) {
      const fromMs = Math.round(Math.min(a, b))
      const toMs = Math.round(Math.max(a, b))
      replaceRange(fromMs < toMs ? { fromMs, toMs } : undefined)
    },
    clearRange: () => replaceRange(undefined),
    refuseTyped: (typed) => store.setState({ typed }),
  }
}
