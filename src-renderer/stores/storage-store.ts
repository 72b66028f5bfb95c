import { createStore, type StoreApi } from 'zustand/vanilla'
import type { VsrEvent } from '../../src-preload/contract/events'
import type { Storage } from '../../src-preload/contract/model'
import type { Transport } from '../../src-preload/contract/transport'

interface StorageState {
  /** Absent until it was read. */
  readonly storage?: Storage
}

export interface StorageStore {
  readonly store: StoreApi<StorageState>
  refresh(): Promise<void>
  apply(event: VsrEvent): void
}

/** What takes space on the library's disk, and what comes. */
export function createStorageStore(options: { transport: Transport }): StorageStore {
  const { transport } = options
  const store = createStore<StorageState>(() => ({}))
  /** Counts questions, so that a late answer to an older one is dropped. */
  let asked = 0
  const refresh = async () => {
    asked += 1
    const turn = asked
    const reply = await transport.invoke('storage.get', {})
    if (reply.ok && turn === asked) store.setState({ storage: reply.value })
  }
  return {
    store,
    refresh,
    apply({ type }) {
      const isNews =
        type === 'storage.updated' || type === 'trash.updated' || type === 'settings.updated'
      if (isNews) void refresh()
    },
  }
}
