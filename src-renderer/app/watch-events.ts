import type { VsrEvent } from '../../src-preload/contract/events'
import type { Transport } from '../../src-preload/contract/transport'
import { activitySentence } from '../activity/activity-words'
import { isDisappointed } from '../activity/is-disappointed'
import type { PlaybackDirector } from '../player/playback-director'
import type { DetailStore } from '../stores/detail-store'
import type { ExportsStore } from '../stores/exports-store'
import type { RecordingsStore } from '../stores/recordings-store'
import type { SelectionStore } from '../stores/selection-store'
import type { SettingsStore } from '../stores/settings-store'
import type { TimelineStore } from '../stores/timeline-store'
import type { StorageStore } from '../stores/storage-store'
import type { TrashStore } from '../stores/trash-store'
import type { UiStore } from '../stores/ui-store'
import type { UploadsStore } from '../stores/uploads-store'
import { fileNameOf } from '../ui/format'
import { texts } from '../ui/texts'

/** Hands each event to the stores; reads everything at the start and anew after a lost connection. Returns the function that ends it. */
export function watchEvents(options: {
  transport: Transport
  recordings: RecordingsStore
  trash: TrashStore
  storage: StorageStore
  exports: ExportsStore
  uploads: UploadsStore
  settings: SettingsStore
  timeline: TimelineStore
  details: DetailStore
  selection: SelectionStore
  playback: Pick<PlaybackDirector, 'recover'>
  ui: UiStore
  /** The recording that was open when this tab was last loaded. */
  remembered: { id(): string | undefined; set(id: string | undefined): void }
}): () => void {
  const {
    recordings,
    trash,
    storage,
    exports,
    uploads,
    settings,
    timeline,
    details,
    selection,
    ui,
    remembered,
  } = options

  const readAll = async () => {
    await Promise.all([
      recordings.refresh(),
      trash.refresh(),
      storage.refresh(),
      exports.refresh(),
      uploads.refresh(),
      settings.refresh(),
    ])
    timeline.refresh()
    details.refresh()
  }

  const tellOfExport = (event: VsrEvent) => {
    if (event.type !== 'export.updated') return
    const before = exports.store.getState().byId[event.job.jobId]?.state
    if (before === event.job.state) return
    const { error, result } = event.job
    if (event.job.state === 'failed' && error !== undefined) ui.fail(error)
    const isShown = ui.store.getState().drawer === 'exports'
    if (event.job.state === 'done' && result !== undefined && !isShown) {
      ui.info(texts.export.ready(fileNameOf(result.file)))
    }
  }

  /** Somebody has just asked for it, and looks. */
  const tellOfWish = (event: VsrEvent) => {
    if (event.type !== 'recording.activity' || event.activity.type !== 'wish') return
    if (isDisappointed(event.activity)) ui.info(activitySentence(event.activity))
  }

  const tellOfUpload = (event: VsrEvent) => {
    if (event.type !== 'upload.updated') return
    const { uploadId, state, error, address, localRemoved } = event.upload
    if (uploads.store.getState().byId[uploadId]?.state === state) return
    // The list of exports says whether their files are there.
    if (localRemoved === true) void exports.refresh()
    if (ui.store.getState().drawer === 'exports') return
    if (state === 'failed' && error !== undefined) ui.fail(error)
    if (state === 'done' && address !== undefined) ui.info(texts.upload.ready(address))
  }

  const onEvent = (event: VsrEvent) => {
    tellOfExport(event)
    tellOfUpload(event)
    tellOfWish(event)
    recordings.apply(event)
    trash.apply(event)
    storage.apply(event)
    exports.apply(event)
    uploads.apply(event)
    settings.apply(event)
    timeline.apply(event)
    details.apply(event)
  }

  const endSelectionCheck = recordings.store.subscribe(({ loaded, order }) => {
    const { recordingId } = selection.store.getState()
    if (loaded && recordingId !== undefined && !order.includes(recordingId)) {
      selection.select(undefined)
    }
  })

  let endRemembering = (): void => undefined
  const endEvents = options.transport.subscribe(onEvent, () => {
    void readAll().then(options.playback.recover)
  })
  void readAll().then(() => {
    const { recordingId } = selection.store.getState()
    const { order, byId } = recordings.store.getState()
    const before = remembered.id()
    const known = before !== undefined && byId[before] !== undefined ? before : order[0]
    if (recordingId === undefined) selection.select(known)
    remembered.set(selection.store.getState().recordingId)
    endRemembering = selection.store.subscribe((state) => remembered.set(state.recordingId))
  })
  return () => {
    endRemembering()
    endSelectionCheck()
    endEvents()
  }
}
