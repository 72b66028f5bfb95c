import { createStore, type StoreApi } from 'zustand/vanilla'
import type { VsrEvent } from '../../src-preload/contract/events'
import type { MethodInput } from '../../src-preload/contract/methods'
import type { Settings, SystemInfo } from '../../src-preload/contract/model'
import type { Reply, Transport } from '../../src-preload/contract/transport'

interface SettingsState {
  readonly settings?: Settings
  readonly system?: SystemInfo
}

export interface SettingsStore {
  readonly store: StoreApi<SettingsState>
  refresh(): Promise<void>
  save(patch: MethodInput<'settings.set'>): Promise<Reply<Settings>>
  apply(event: VsrEvent): void
}

/** Settings, and what the host can do. */
export function createSettingsStore(options: { transport: Transport }): SettingsStore {
  const { transport } = options
  const store = createStore<SettingsState>(() => ({}))
  return {
    store,
    async refresh() {
      const [settings, system] = await Promise.all([
        transport.invoke('settings.get', {}),
        transport.invoke('system.info', {}),
      ])
      if (settings.ok) store.setState({ settings: settings.value })
      if (system.ok) store.setState({ system: system.value })
    },
    async save(patch) {
      const reply = await transport.invoke('settings.set', patch)
      if (reply.ok) store.setState({ settings: reply.value })
      return reply
    },
    apply(event) {
      if (event.type === 'settings.updated') store.setState({ settings: event.settings })
    },
  }
}
