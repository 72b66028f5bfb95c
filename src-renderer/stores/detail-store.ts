import { createStore, type StoreApi } from 'zustand/vanilla'
import type { VsrEvent } from '../../src-preload/contract/events'
import type { RecordingDetail } from '../../src-preload/contract/model'
import type { Transport } from '../../src-preload/contract/transport'

interface DetailState {
  /** Absent while nothing is open. */
  readonly detail?: RecordingDetail
}

export interface DetailStore {
  readonly store: StoreApi<DetailState>
  /** Shows another recording's details. */
  open(id: string | undefined): void
  /** Reads them anew, as after a lost connection. */
  refresh(): void
  apply(event: VsrEvent): void
}

/** Tracks, gaps of every track and what happened to the open recording: read once, and anew when an event says that there is more. */
export function createDetailStore(options: { transport: Transport }): DetailStore {
  const { transport } = options
  const store = createStore<DetailState>(() => ({}))
  let openId: string | undefined
  let reading: Promise<void> | undefined
  let readAgain = false

  const read = async () => {
    do {
      readAgain = false
      const id = openId
      if (id === undefined) return
      const reply = await transport.invoke('recordings.get', { id })
      if (reply.ok && id === openId) store.setState({ detail: reply.value })
    } while (readAgain)
  }
  /** Failures show where the recording itself is shown; the next event asks again. */
  const readSoon = () => {
    readAgain = true
    reading ??= read()
      .catch(() => undefined)
      .finally(() => {
        reading = undefined
      })
  }

  return {
    store,
    open(id) {
      if (id === openId) return
      openId = id
      store.setState({}, true)
      if (id !== undefined) readSoon()
    },
    refresh() {
      if (openId !== undefined) readSoon()
    },
    apply(event) {
      if (isNews(event) && event.id === openId) readSoon()
    },
  }
}

/** It says that there is more to read about a recording. */
function isNews(
  event: VsrEvent,
): event is Extract<VsrEvent, { type: 'recording.gap' | 'recording.activity' | 'recording.pins' }> {
  const { type } = event
  return type === 'recording.gap' || type === 'recording.activity' || type === 'recording.pins'
}
