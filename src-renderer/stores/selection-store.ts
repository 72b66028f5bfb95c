import { createStore, type StoreApi } from 'zustand/vanilla'

/** A time range on the wall clock, unix milliseconds, `fromMs < toMs`. */
export interface TimeRange {
  readonly fromMs: number
  readonly toMs: number
}

interface SelectionState {
  readonly recordingId?: string
  readonly range?: TimeRange
}

export interface SelectionStore {
  readonly store: StoreApi<SelectionState>
  select(recordingId: string | undefined): void
  /** Whole milliseconds; the ends may come in either order; an empty range clears. */
  setRange(fromMs: number, toMs: number): void
  clearRange(): void
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
  }
}
