import { createStore, type StoreApi } from 'zustand/vanilla'
import type { ApiError } from '../../src-preload/contract/errors'
import type { ConnectionStatus } from '../api/http-transport'

export type DrawerName = 'exports' | 'activity' | 'settings'

export interface Toast {
  readonly id: number
  readonly tone: 'info' | 'error'
  readonly message: string
  readonly hint?: string
  /** What can be done about it, such as to take it back. */
  readonly action?: { readonly label: string; readonly run: () => void }
}

interface UiState {
  readonly connection: ConnectionStatus
  readonly drawer?: DrawerName
  readonly shortcutsOpen: boolean
  readonly trashOpen: boolean
  /** How exports cut: copied from the key frame on, or re-encoded to the very frame. */
  readonly cutMode: 'copy' | 'exact'
  /** Name of the sound that exports carry; absent = the one that is played. */
  readonly exportSound?: string
  /** Text in the URL bar: pasted from anywhere on the page. */
  readonly urlText: string
  /** Id of the recording whose deletion waits for a yes. */
  readonly removing?: string
  readonly toasts: readonly Toast[]
}

export interface UiStore {
  readonly store: StoreApi<UiState>
  toggleDrawer(name: DrawerName): void
  openDrawer(name: DrawerName): void
  /** Undefined: the one that is played. */
  setExportSound(name: string | undefined): void
  closeDrawer(): void
  askRemove(id: string | undefined): void
  info(message: string): void
  /** As `info`, with something to press. */
  offer(message: string, action: NonNullable<Toast['action']>): void
  fail(error: ApiError): void
  dismiss(id: number): void
}

const MOST_TOASTS = 3

/** What is open on the screen. */
export function createUiStore(): UiStore {
  const store = createStore<UiState>(() => ({
    connection: 'connecting',
    shortcutsOpen: false,
    trashOpen: false,
    cutMode: 'copy',
    urlText: '',
    toasts: [],
  }))
  let nextId = 1
  const add = (toast: Omit<Toast, 'id'>) => {
    const id = nextId
    nextId += 1
    store.setState(({ toasts }) => ({
      toasts: [
        ...toasts.filter((other) => other.message !== toast.message),
        { ...toast, id },
      ].slice(-MOST_TOASTS),
    }))
  }
  const closeDrawer = () => store.setState(({ drawer: _closed, ...rest }) => rest, true)
  return {
    store,
    toggleDrawer(name) {
      if (store.getState().drawer === name) closeDrawer()
      else store.setState({ drawer: name })
    },
    openDrawer: (drawer) => store.setState({ drawer }),
    closeDrawer,
    setExportSound(name) {
      if (name === undefined) store.setState(({ exportSound: _old, ...rest }) => rest, true)
      else store.setState({ exportSound: name })
    },
    askRemove(id) {
      if (id === undefined) store.setState(({ removing: _asked, ...rest }) => rest, true)
      else store.setState({ removing: id })
    },
    info: (message) => add({ tone: 'info', message }),
    offer: (message, action) => add({ tone: 'info', message, action }),
    fail: ({ message, hint }) =>
      add({ tone: 'error', message, ...(hint === undefined ? {} : { hint }) }),
    dismiss: (id) =>
      store.setState(({ toasts }) => ({ toasts: toasts.filter((toast) => toast.id !== id) })),
  }
}
