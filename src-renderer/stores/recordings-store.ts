import { createStore, type StoreApi } from 'zustand/vanilla'
import type { ApiError } from '../../src-preload/contract/errors'
import type { VsrEvent } from '../../src-preload/contract/events'
import type { MethodInput, MethodOutput } from '../../src-preload/contract/methods'
import type { RecordingSummary } from '../../src-preload/contract/model'
import type { Reply, Transport } from '../../src-preload/contract/transport'
import { steadyOrder } from './steady-order'

interface RecordingsState {
  readonly loaded: boolean
  readonly byId: Readonly<Record<string, RecordingSummary>>
  /** What runs first, then the newest; while it is held, each stays where it is. */
  readonly order: readonly string[]
  readonly held: boolean
  /** Why the list could not be read. */
  readonly error?: ApiError
}

export interface RecordingsStore {
  readonly store: StoreApi<RecordingsState>
  /** Reads the whole list anew. */
  refresh(): Promise<void>
  /** `true`: what is in the list stays where it is, so that nothing slides under the pointer. `false`: in order again. */
  hold(held: boolean): void
  start(input: MethodInput<'recordings.start'>): Promise<Reply<MethodOutput<'recordings.start'>>>
  stop(id: string): Promise<Reply<unknown>>
  update(input: MethodInput<'recordings.update'>): Promise<Reply<unknown>>
  pin(id: string, pinned: boolean): Promise<Reply<unknown>>
  pinSpan(input: MethodInput<'recordings.pinSpan'>): Promise<Reply<unknown>>
  unpinSpan(id: string, spanId: string): Promise<Reply<unknown>>
  /** Stops the recording first when it still runs. */
  remove(id: string): Promise<Reply<unknown>>
  apply(event: VsrEvent): void
}

/** The library as the interface knows it. */
export function createRecordingsStore(options: { transport: Transport }): RecordingsStore {
  const { transport } = options
  const store = createStore<RecordingsState>(() => ({
    loaded: false,
    byId: {},
    order: [],
    held: false,
  }))

  const put = (recording: RecordingSummary) =>
    store.setState((state) =>
      withOrder({ ...state, byId: { ...state.byId, [recording.id]: recording } }),
    )
  const drop = (id: string) =>
    store.setState((state) => {
      const { [id]: _dropped, ...rest } = state.byId
      return withOrder({ ...state, byId: rest })
    })

  /** Shown at once, taken back where it is refused. */
  const change = async (
    patch: Pick<RecordingSummary, 'id'> & Partial<RecordingSummary>,
    ask: () => Promise<Reply<RecordingSummary>>,
  ) => {
    const before = store.getState().byId[patch.id]
    if (before !== undefined) put({ ...before, ...patch })
    const reply = await ask()
    if (reply.ok) put(reply.value)
    else if (before !== undefined) put(before)
    return reply
  }

  return {
    store,
    async refresh() {
      const reply = await transport.invoke('recordings.list', {})
      if (!reply.ok) {
        store.setState({ loaded: true, error: reply.error })
        return
      }
      const byId = Object.fromEntries(reply.value.map((recording) => [recording.id, recording]))
      store.setState((state) => ({ loaded: true, ...withOrder({ ...state, byId }) }))
    },
    hold: (held) => store.setState((state) => withOrder({ ...state, held })),
    async start(input) {
      const reply = await transport.invoke('recordings.start', input)
      // An event may have been quicker, and newer.
      if (reply.ok && store.getState().byId[reply.value.id] === undefined) put(reply.value)
      return reply
    },
    async stop(id) {
      const reply = await transport.invoke('recordings.stop', { id })
      if (reply.ok) put(reply.value)
      return reply
    },
    update: (input) => change(input, () => transport.invoke('recordings.update', input)),
    pin: (id, pinned) =>
      change({ id, pinned }, () => transport.invoke('recordings.pin', { id, pinned })),
    pinSpan: (input) => transport.invoke('recordings.pinSpan', input),
    unpinSpan: (id, spanId) => transport.invoke('recordings.unpinSpan', { id, spanId }),
    async remove(id) {
      const current = store.getState().byId[id]
      if (current !== undefined && isRunning(current)) {
        const stopped = await transport.invoke('recordings.stop', { id })
        if (!stopped.ok) return stopped
      }
      const reply = await transport.invoke('recordings.delete', { id })
      if (reply.ok) drop(id)
      return reply
    },
    apply(event) {
      if (event.type === 'recording.updated') put(event.recording)
      else if (event.type === 'recording.removed') drop(event.id)
    },
  }
}

/** True while the engine works on it: there is something to stop. */
export function isRunning(recording: Pick<RecordingSummary, 'state'>): boolean {
  return (
    recording.state === 'resolving' ||
    recording.state === 'recording' ||
    recording.state === 'stalled' ||
    recording.state === 'stopping'
  )
}

function withOrder(
  state: Pick<RecordingsState, 'byId' | 'order' | 'held'>,
): Pick<RecordingsState, 'byId' | 'order' | 'held'> {
  const { byId, held } = state
  const sorted = Object.values(byId)
    .toSorted(
      (a, b) =>
        Number(isRunning(b)) - Number(isRunning(a)) ||
        b.createdMs - a.createdMs ||
        a.id.localeCompare(b.id),
    )
    .map((recording) => recording.id)
  return { byId, held, order: held ? steadyOrder(state.order, sorted) : sorted }
}
