import { createStore, type StoreApi } from 'zustand/vanilla'
import type { VsrEvent } from '../../src-preload/contract/events'
import type { MethodOutput } from '../../src-preload/contract/methods'
import type { TrashedRecording } from '../../src-preload/contract/model'
import type { Reply, Transport } from '../../src-preload/contract/transport'

interface TrashState {
  /** The last deleted first. */
  readonly items: readonly TrashedRecording[]
}

export interface TrashStore {
  readonly store: StoreApi<TrashState>
  refresh(): Promise<void>
  restore(id: string): Promise<Reply<MethodOutput<'recordings.restore'>>>
  /** Removes for good: those that are named, or all. */
  empty(ids?: readonly string[]): Promise<Reply<unknown>>
  apply(event: VsrEvent): void
}

/** Deleted recordings that can be had back. */
export function createTrashStore(options: { transport: Transport }): TrashStore {
  const { transport } = options
  const store = createStore<TrashState>(() => ({ items: [] }))
  /** Counts questions, so that a late answer to an older one is dropped. */
  let asked = 0
  const refresh = async () => {
    asked += 1
    const turn = asked
    const reply = await transport.invoke('trash.list', {})
    if (reply.ok && turn === asked) store.setState({ items: reply.value })
  }
  return {
    store,
    refresh,
    restore: (id) => transport.invoke('recordings.restore', { id }),
    empty: (ids) => transport.invoke('trash.empty', ids === undefined ? {} : { ids: [...ids] }),
    apply(event) {
      if (event.type === 'trash.updated') void refresh()
    },
  }
}
