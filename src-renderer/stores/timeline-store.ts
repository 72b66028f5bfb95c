import { createStore, type StoreApi } from 'zustand/vanilla'
import type { VsrEvent } from '../../src-preload/contract/events'
import type { RecordingSummary, Timeline } from '../../src-preload/contract/model'
import type { Transport } from '../../src-preload/contract/transport'
import { extendTimeline } from './extend-timeline'

interface TimelineState {
  /** Absent while nothing is open or nothing is stored yet. */
  readonly timeline?: Timeline
}

export interface TimelineStore {
  readonly store: StoreApi<TimelineState>
  /** Shows another recording's timeline. */
  open(id: string | undefined): void
  /** Reads it anew, as after a lost connection. */
  refresh(): void
  apply(event: VsrEvent): void
}

/** The timeline of the open recording: read once, then grown by events, read anew when they say more than growth. */
export function createTimelineStore(options: {
  transport: Transport
  /** Last known summary of a recording. */
  summaryOf: (id: string) => RecordingSummary | undefined
}): TimelineStore {
  const { transport, summaryOf } = options
  const store = createStore<TimelineState>(() => ({}))
  let openId: string | undefined
  /** The summary that the timeline at hand stands for. */
  let basis: RecordingSummary | undefined
  let reading = false
  let readAgain = false

  async function read(id: string): Promise<void> {
    if (reading) {
      readAgain = true
      return
    }
    reading = true
    const before = summaryOf(id)
    const reply = await transport.invoke('recordings.timeline', { id })
    reading = false
    const again = readAgain || openId !== id
    readAgain = false
    if (
      openId === id &&
      reply.ok &&
      (reply.value.footage.length > 0 || reply.value.gaps.length > 0)
    ) {
      basis = before
      store.setState({ timeline: reply.value })
    }
    if (again && openId !== undefined) await read(openId)
  }

  /** Failures show where the recording itself is shown; the next event asks again. */
  const readSoon = (id: string) => {
    read(id).catch(() => {
      reading = false
    })
  }

  return {
    store,
    open(id) {
      if (id === openId) return
      openId = id
      basis = undefined
      store.setState({}, true)
      if (id !== undefined) readSoon(id)
    },
    refresh() {
      if (openId !== undefined) readSoon(openId)
    },
    apply(event) {
      const isNews = event.type === 'recording.gap' || event.type === 'recording.spans'
      if (isNews && event.id === openId) readSoon(event.id)
      if (event.type !== 'recording.updated' || event.recording.id !== openId) return
      const { timeline } = store.getState()
      const { recording } = event
      if (timeline === undefined || basis === undefined) {
        if (recording.segments > 0) readSoon(recording.id)
        return
      }
      const step = extendTimeline(timeline, basis, recording)
      if (step.kind === 'stale') readSoon(recording.id)
      if (step.kind !== 'extended') return
      basis = recording
      store.setState({ timeline: step.timeline })
    },
  }
}
