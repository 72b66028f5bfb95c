import type { VsrEvent } from '../src-preload/contract/events'
import type { RecordingState, RecordingSummary } from '../src-preload/contract/model'
import type { SettingsStore } from './config/settings-store'
import type { Exporter } from './export/exporter'
import type { EventHub } from './observe/event-hub'
import { createThrottle } from './observe/throttle'
import type { Clock } from './ports/clock'
import type { Recorder } from './recorder/supervisor'
import type { Library, RecordingStore } from './store/model'

const SUMMARY_EVENT_INTERVAL_MS = 250

/** Tells who listens what happens: a new state at once, what comes often thinned out. */
export interface Announcer {
  /** Tells what the list shows of a recording by now. */
  announce(recordingId: string): void
  close(): void
}

/** @param options.summarise as the list shows a recording. */
export function createAnnouncer(options: {
  readonly library: Library
  readonly recorder: Pick<Recorder, 'onChange'>
  readonly exporter: Pick<Exporter, 'onUpdate'>
  readonly settings: Pick<SettingsStore, 'onChange'>
  readonly events: Pick<EventHub<VsrEvent>, 'emit'>
  readonly summarise: (recording: RecordingStore) => RecordingSummary
  readonly clock: Clock
}): Announcer {
  const { library, recorder, exporter, settings, events, summarise, clock } = options
  const announce = (id: string) => {
    const recording = library.get(id)
    if (recording !== undefined) {
      events.emit({ type: 'recording.updated', recording: summarise(recording) })
    }
  }
  const intervalMs = SUMMARY_EVENT_INTERVAL_MS
  const announceSoon = createThrottle({ clock, intervalMs, action: announce })
  const states = new Map<string, RecordingState>()
  /** A new state is told at once; what only changes its reason comes as often as trouble does, and is thinned out. */
  const announceChange = (id: string, { state }: { state: RecordingState }) => {
    const isNew = states.get(id) !== state
    if (state === 'stopped' || state === 'failed') states.delete(id)
    else states.set(id, state)
    if (isNew) announce(id)
    else announceSoon.call(id)
  }
  const subscriptions = [
    recorder.onChange(announceChange),
    library.onCommit(({ recordingId, trackId, row }) => {
      announceSoon.call(recordingId)
      if (row.kind === 'gap') {
        const { startMs, durationSec, cause, count, mediaSequence } = row
        const toMs = Math.round(startMs + durationSec * 1000)
        const gap = { track: trackId, fromMs: startMs, toMs, cause, count }
        events.emit({
          type: 'recording.gap',
          id: recordingId,
          gap: { ...gap, firstMediaSequence: mediaSequence },
        })
      }
    }),
    library.onLetGo((id) => announceSoon.call(id)),
    library.onActivity((id, activity) => events.emit({ type: 'recording.activity', id, activity })),
    library.onSpans((id) => events.emit({ type: 'recording.spans', id })),
    exporter.onUpdate((job) => events.emit({ type: 'export.updated', job })),
    settings.onChange((value) => events.emit({ type: 'settings.updated', settings: value })),
  ]

  return {
    announce,
    close() {
      for (const unsubscribe of subscriptions) unsubscribe()
      announceSoon.close()
    },
  }
}
