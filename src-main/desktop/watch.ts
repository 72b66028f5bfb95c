import type { VsrEvent } from '../../src-preload/contract/events'
import type { RecordingSummary, Settings } from '../../src-preload/contract/model'
import type { Dispatcher } from '../api/dispatcher'
import { ask } from './ask'

/** What the tray, the window and the power blocker need to know, kept up to date from events. */
export interface Watch {
  recordings(): readonly RecordingSummary[]
  settings(): Settings | undefined
  /** Called after each change. Returns the function that ends it. */
  onChange(listener: () => void): () => void
  close(): void
}

/** Reads recordings and settings once and follows the events from then on. */
export async function createWatch(options: { dispatcher: Dispatcher }): Promise<Watch> {
  const { dispatcher } = options
  const recordings = new Map<string, RecordingSummary>()
  const removed = new Set<string>()
  const listeners = new Set<() => void>()
  let settings: Settings | undefined

  const apply = (event: VsrEvent) => {
    switch (event.type) {
      case 'recording.updated':
        recordings.set(event.recording.id, event.recording)
        break
      case 'recording.removed':
        recordings.delete(event.id)
        removed.add(event.id)
        break
      case 'settings.updated':
        settings = event.settings
        break
      case 'recording.gap':
      case 'recording.spans':
      case 'recording.activity':
      case 'recording.pins':
      case 'export.updated':
      case 'trash.updated':
      case 'storage.updated':
      case 'upload.updated':
        return
    }
    for (const listener of listeners) listener()
  }
  const unsubscribe = dispatcher.subscribe(apply)

  const [list, first] = await Promise.all([
    ask(dispatcher, 'recordings.list', {}),
    ask(dispatcher, 'settings.get', {}),
  ])
  // Events that came while the list was on its way are newer than the list.
  for (const recording of list.ok ? list.value : []) {
    if (!recordings.has(recording.id) && !removed.has(recording.id)) {
      recordings.set(recording.id, recording)
    }
  }
  settings ??= first.ok ? first.value : undefined
  removed.clear()

  return {
    recordings: () => [...recordings.values()].sort((a, b) => b.createdMs - a.createdMs),
    settings: () => settings,
    onChange: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close: () => {
      unsubscribe()
      listeners.clear()
    },
  }
}
