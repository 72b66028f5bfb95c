import type { Engine } from '../../src-main/engine'
import { createPlaybackRoutes } from '../../src-main/playback/playback-routes'
import { detailOf, summaryOf } from '../../src-main/playback/recording-views'
import { timelineOf } from '../../src-main/playback/timeline'
import { systemClock } from '../../src-main/ports/clock'
import type { Library } from '../../src-main/store/model'
import { VsrError } from '../../src-preload/contract/errors'
import type { VsrEvent } from '../../src-preload/contract/events'
import { type Settings, settingsSchema } from '../../src-preload/contract/model'

export interface FakeEngine extends Engine {
  emit(event: VsrEvent): void
  /** Listeners now subscribed. */
  listeners(): number
}

const notUploaded = (): never => {
  throw new VsrError('upload_not_found', 'There is no such upload.')
}
/** Nothing is uploaded. */
export const noUploads: Engine['uploads'] = {
  start: () => undefined,
  create: async () => notUploaded(),
  get: notUploaded,
  list: () => [],
  cancel: async () => notUploaded(),
  retry: async () => notUploaded(),
  onUpdate: () => () => undefined,
  close: () => Promise.resolve(),
}

/** An engine that shows a library and records nothing; a test replaces what it looks at. */
export function createFakeEngine(options: {
  readonly library: Library
  readonly overrides?: Partial<Engine>
}): FakeEngine {
  const { library, overrides = {} } = options
  const listeners = new Set<(event: VsrEvent) => void>()
  let settings: Settings = settingsSchema.parse({})
  const find = (id: string) => {
    const recording = library.get(id)
    if (recording === undefined) {
      throw new VsrError('recording_not_found', 'There is no such recording.')
    }
    return recording
  }
  const noExport = () => {
    throw new VsrError('export_not_found', 'There is no such export.')
  }
  return {
    libraryDir: library.root,
    announce: () => Promise.resolve(),
    probe: () =>
      Promise.resolve({
        kind: 'hls',
        live: true,
        variants: [],
        renditions: [],
        resolver: 'direct',
      }),
    startRecording: () => Promise.reject(new VsrError('not_a_url', 'This is not an address.')),
    verify: () => Promise.reject(new VsrError('bad_request', 'There is no library to look at.')),
    repair: () => Promise.reject(new VsrError('bad_request', 'There is no library to look at.')),
    relocate: () => Promise.reject(new VsrError('bad_request', 'This library stays where it is.')),
    archiveRecording: () =>
      Promise.reject(new VsrError('no_footage', 'There is nothing to archive.')),
    importLibrary: () => Promise.resolve(undefined),
    importRecording: () =>
      Promise.reject(new VsrError('unsupported_source', 'There is nothing to import here.')),
    stopRecording: async (id) => summaryOf(find(id), undefined),
    updateRecording: async ({ id, ...patch }) => {
      await find(id).update(patch)
      return summaryOf(find(id), undefined)
    },
    pinRecording: async (id, pinned) => {
      await find(id).update({ pinned })
      return summaryOf(find(id), undefined)
    },
    pinSpan: async ({ id }) => find(id).meta.pinnedSpans,
    unpinSpan: async (id) => find(id).meta.pinnedSpans,
    listRecordings: () => library.list().map((recording) => summaryOf(recording, undefined)),
    getRecording: async (id) => detailOf(find(id), undefined),
    deleteRecording: async (id) => void find(id),
    restoreRecording: async (id) => summaryOf(find(id), undefined),
    listTrash: () => Promise.resolve([]),
    emptyTrash: () => Promise.resolve([]),
    timeline: async (id) => timelineOf(find(id)),
    openPlayback: async (id) => ({
      path: `recordings/${find(id).id}/live/stream.m3u8?dvr=1`,
      picturePath: `recordings/${find(id).id}/live/stream.m3u8?dvr=1&sound=none`,
      live: false,
      sounds: [],
    }),
    createExport: () => Promise.resolve({ jobId: 'job1' }),
    checkExportFile: () => Promise.resolve(),
    checkUpload: () => Promise.resolve(),
    uploadFile: () => Promise.reject(new VsrError('bad_request', 'There is nothing to upload.')),
    uploads: noUploads,
    getExport: noExport,
    listExports: () => Promise.resolve([]),
    cancelExport: async () => noExport(),
    storage: () =>
      Promise.resolve({
        headroomBytes: 0,
        state: 'ok',
        trashBytes: 0,
        bytesPerHour: 0,
        letGoBytes: 0,
        limitsOff: false,
        recordings: [],
      }),
    getSettings: () => settings,
    setSettings: async (patch) => (settings = settingsSchema.parse({ ...settings, ...patch })),
    systemInfo: () =>
      Promise.resolve({
        version: '0.0.0',
        libraryDir: library.root,
        exportsDir: library.root,
        trash: { recordings: 0, bytes: 0 },
        tools: [],
      }),
    onEvent(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    health: () =>
      Promise.resolve({ reasons: [], details: { recordings: 0, running: 0, stalled: [] } }),
    metrics: () => Promise.resolve('# fake\n'),
    playbackRoutes: createPlaybackRoutes({
      library,
      clock: systemClock,
      currentRecordingId: () => undefined,
    }),
    resume: () => Promise.resolve([]),
    close: () => Promise.resolve(),
    ...overrides,
    emit: (event) => {
      for (const listener of listeners) listener(event)
    },
    listeners: () => listeners.size,
  }
}
