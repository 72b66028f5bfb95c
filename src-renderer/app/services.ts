import type { Connection } from '../api/connect'
import { createPlaybackDirector, type PlaybackDirector } from '../player/playback-director'
import { createPlayer } from '../player/player'
import type { Player } from '../player/player-port'
import { createDetailStore, type DetailStore } from '../stores/detail-store'
import { createTrackMemory } from '../player/track-memory'
import { createExportsStore, type ExportsStore } from '../stores/exports-store'
import { createRecordingsStore, isRunning, type RecordingsStore } from '../stores/recordings-store'
import { createRememberedSelection } from '../stores/remembered-selection'
import { createSelectionStore, type SelectionStore } from '../stores/selection-store'
import { createSettingsStore, type SettingsStore } from '../stores/settings-store'
import { createStorageStore, type StorageStore } from '../stores/storage-store'
import { createTimelineStore, type TimelineStore } from '../stores/timeline-store'
import { createTrashStore, type TrashStore } from '../stores/trash-store'
import { createUploadsStore, type UploadsStore } from '../stores/uploads-store'
import type { UiStore } from '../stores/ui-store'
import { createUndoStack, type UndoStack } from '../stores/undo-stack'
import { createViewStore, type ViewStore } from '../timeline/view-store'
import { undoRanges } from './undo-ranges'
import { watchEvents } from './watch-events'

/** Everything that components work with. Made once, handed down by context. */
export interface Services {
  readonly connection: Connection
  readonly ui: UiStore
  readonly recordings: RecordingsStore
  readonly trash: TrashStore
  readonly storage: StorageStore
  readonly exports: ExportsStore
  readonly uploads: UploadsStore
  readonly settings: SettingsStore
  readonly selection: SelectionStore
  readonly timeline: TimelineStore
  readonly details: DetailStore
  readonly view: ViewStore
  readonly player: Player
  readonly playback: PlaybackDirector
  readonly undo: UndoStack
}

/** Wires stores, player and events, and reads what is there. */
export function createServices(options: {
  connection: Connection
  ui: UiStore
  /** Lives as long as the tab. */
  session: Storage
  /** Outlives it. */
  memory: Storage
}): Services {
  const { connection, ui } = options
  const { transport } = connection
  const recordings = createRecordingsStore({ transport })
  const trash = createTrashStore({ transport })
  const storage = createStorageStore({ transport })
  const exports = createExportsStore({ transport })
  const uploads = createUploadsStore({ transport })
  const settings = createSettingsStore({ transport })
  const selection = createSelectionStore()
  const timeline = createTimelineStore({
    transport,
    summaryOf: (id) => recordings.store.getState().byId[id],
  })
  const details = createDetailStore({ transport })
  const view = createViewStore({
    extent: () => {
      const whole = timeline.store.getState().timeline
      if (whole === undefined) return undefined
      const recording = recordings.store.getState().byId[whole.id]
      const growing = recording !== undefined && isRunning(recording)
      return { startMs: whole.startMs, endMs: whole.endMs, growing }
    },
  })
  const memory = createTrackMemory(options.memory)
  const player = createPlayer({
    onChoice(choice) {
      const { recordingId } = selection.store.getState()
      if (recordingId !== undefined) memory.remember(recordingId, choice)
      if (choice.audio !== undefined) ui.setExportSound(undefined)
    },
    storedEdgeMs: () => timeline.store.getState().timeline?.footage.at(-1)?.toMs,
  })
  const playback = createPlaybackDirector({
    transport,
    recordings,
    selection,
    memory,
    player,
    picture() {
      const footage = timeline.store.getState().timeline?.footage ?? []
      const [first, last] = [footage[0], footage.at(-1)]
      if (first === undefined || last === undefined) return undefined
      return { fromMs: first.fromMs, toMs: last.toMs }
    },
  })

  selection.store.subscribe(({ recordingId }) => {
    ui.setExportSound(undefined)
    timeline.open(recordingId)
    details.open(recordingId)
  })
  const undo = createUndoStack()
  undoRanges(selection, undo)
  watchEvents({
    transport,
    recordings,
    trash,
    storage,
    exports,
    uploads,
    settings,
    timeline,
    details,
    selection,
    playback,
    ui,
    remembered: createRememberedSelection({ storage: options.session }),
  })
  return {
    connection,
    ui,
    recordings,
    trash,
    storage,
    exports,
    uploads,
    settings,
    selection,
    timeline,
    details,
    view,
    player,
    playback,
    undo,
  }
}
