import { describe, expect, it } from 'vitest'
import { watchEvents } from '../../../../src-renderer/app/watch-events'
import { createDetailStore } from '../../../../src-renderer/stores/detail-store'
import { createExportsStore } from '../../../../src-renderer/stores/exports-store'
import { createRecordingsStore } from '../../../../src-renderer/stores/recordings-store'
import { createRememberedSelection } from '../../../../src-renderer/stores/remembered-selection'
import { createSelectionStore } from '../../../../src-renderer/stores/selection-store'
import { createSettingsStore } from '../../../../src-renderer/stores/settings-store'
import { createStorageStore } from '../../../../src-renderer/stores/storage-store'
import { createTimelineStore } from '../../../../src-renderer/stores/timeline-store'
import { createTrashStore } from '../../../../src-renderer/stores/trash-store'
import { createUploadsStore } from '../../../../src-renderer/stores/uploads-store'
import { createUiStore } from '../../../../src-renderer/stores/ui-store'
import {
  createFakeTransport,
  jobOf,
  recordingOf,
  settle,
  timelineOf,
  uploadJobOf,
} from '../fake-transport'

function setUp(stored: readonly (readonly [string, string])[] = []) {
  const failed = { code: 'internal', message: 'Not asked for here.' } as const
  const transport = createFakeTransport({
    'recordings.list': () => [recordingOf(), recordingOf({ id: 'rec00002', createdMs: 1 })],
    'exports.list': () => [],
    'uploads.list': () => [],
    'trash.list': () => [],
    'storage.get': () => failed,
    'settings.get': () => failed,
    'system.info': () => failed,
    'recordings.timeline': () => timelineOf(),
    'recordings.get': () => failed,
  })
  const recordings = createRecordingsStore({ transport })
  const exports = createExportsStore({ transport })
  const settings = createSettingsStore({ transport })
  const selection = createSelectionStore()
  const ui = createUiStore()
  const timeline = createTimelineStore({ transport, summaryOf: () => undefined })
  const kept = new Map(stored)
  let recovered = 0
  watchEvents({
    transport,
    recordings,
    trash: createTrashStore({ transport }),
    storage: createStorageStore({ transport }),
    exports,
    uploads: createUploadsStore({ transport }),
    settings,
    timeline,
    details: createDetailStore({ transport }),
    selection,
    ui,
    remembered: createRememberedSelection({
      storage: {
        getItem: (key) => kept.get(key) ?? null,
        setItem: (key, value) => kept.set(key, value),
        removeItem: (key) => kept.delete(key),
      },
    }),
    playback: {
      recover: () => {
        recovered += 1
      },
    },
  })
  return { transport, recordings, selection, ui, kept, recovered: () => recovered }
}

describe('events', () => {
  it('an upload that is there is said, and what it removed here is looked at anew', async () => {
    const { transport, ui } = setUp()
    await settle()
    const asked = () => transport.calls.filter(({ method }) => method === 'exports.list').length
    const before = asked()
    const address = 's3://bucket/clips/a.mp4'
    const upload = uploadJobOf({ state: 'done', address, localRemoved: true })
    transport.emit({ type: 'upload.updated', upload })
    transport.emit({ type: 'upload.updated', upload })
    await settle()
    expect(ui.store.getState().toasts.map(({ message }) => message)).toEqual([
      `Uploaded: ${address}`,
    ])
    expect(asked()).toBe(before + 1)
  })

  it('opens the newest recording at the start', async () => {
    const { selection } = setUp()
    await settle()
    expect(selection.store.getState().recordingId).toBe('rec00001')
  })

  it('opens after a reload what was open before it, if it is still there', async () => {
    const first = setUp()
    await settle()
    first.selection.select('rec00002')
    const again = setUp([...first.kept])
    await settle()
    expect(again.selection.store.getState().recordingId).toBe('rec00002')
    const gone = setUp([...first.kept.keys()].map((key) => [key, 'rec00009']))
    await settle()
    expect(gone.selection.store.getState().recordingId).toBe('rec00001')
  })

  it('closes a recording that was removed', async () => {
    const { transport, selection } = setUp()
    await settle()
    transport.emit({ type: 'recording.removed', id: 'rec00001' })
    expect(selection.store.getState().recordingId).toBeUndefined()
  })

  it('reads everything anew after a lost connection', async () => {
    const { transport, recordings, recovered } = setUp()
    await settle()
    transport.answers['recordings.list'] = () => [recordingOf({ state: 'stopped' })]
    transport.reconnect()
    await settle()
    expect(recordings.store.getState().byId['rec00001']?.state).toBe('stopped')
    expect(recovered()).toBe(1)
  })

  it('tells once that an export is finished or has failed', async () => {
    const { transport, ui } = setUp()
    await settle()
    const done = jobOf({
      state: 'done',
      result: {
        file: '/exports/clip.mp4',
        startMs: 0,
        durationSec: 3,
        bytes: 1,
        mode: 'copy',
        gapsSkippedSec: 0,
      },
    })
    transport.emit({ type: 'export.updated', job: done })
    transport.emit({ type: 'export.updated', job: done })
    expect(ui.store.getState().toasts.map(({ message }) => message)).toEqual([
      'Export finished: clip.mp4',
    ])
    const error = { code: 'ffmpeg_missing', message: 'ffmpeg is missing.' } as const
    transport.emit({
      type: 'export.updated',
      job: jobOf({ jobId: 'job2', state: 'failed', error }),
    })
    expect(ui.store.getState().toasts.at(-1)).toMatchObject({
      tone: 'error',
      message: error.message,
    })
  })

  it.each([
    ['a height below all that there is', 'quality', '240p', '360p', true],
    ['a height of a source that names none', 'quality', '720p', '', true],
    ['a height whose pictures are named by their bit rate', 'quality', '720p', '2.0 Mbit/s', true],
    ['a bit rate below all that there is', 'quality', '100000', '360p', true],
    ['a height above all, which is only a limit', 'quality', '1080p', '720p, 2.0 Mbit/s', false],
    ['a language', 'audio', 'fr', 'English', true],
  ] as const)(
    'says at once what cannot be had: %s',
    async (_what, about, wanted, instead, isTold) => {
      const { transport, ui } = setUp()
      await settle()
      const activity = { type: 'wish', atMs: 1, about, wanted, offered: [], instead } as const
      transport.emit({
        type: 'recording.activity',
        id: 'rec00001',
        activity: { ...activity, offered: [] },
      })
      expect(ui.store.getState().toasts).toHaveLength(isTold ? 1 : 0)
    },
  )
})
