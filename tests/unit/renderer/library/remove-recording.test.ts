import { describe, expect, it } from 'vitest'
import { needsYes, removeRecording } from '../../../../src-renderer/library/remove-recording'
import type { Services } from '../../../../src-renderer/app/services'
import { createRecordingsStore } from '../../../../src-renderer/stores/recordings-store'
import { createSelectionStore } from '../../../../src-renderer/stores/selection-store'
import { createSettingsStore } from '../../../../src-renderer/stores/settings-store'
import { createTrashStore } from '../../../../src-renderer/stores/trash-store'
import { createUiStore } from '../../../../src-renderer/stores/ui-store'
import { createUndoStack } from '../../../../src-renderer/stores/undo-stack'
import { settingsSchema } from '../../../../src-preload/contract/model'
import { createFakeTransport, recordingOf, settle } from '../fake-transport'

const ID = 'rec00001'

/** The services that deleting needs, on a transport that agrees to all. */
function setUp(options: { trashDays?: number; state?: 'stopped' | 'recording' } = {}) {
  const { trashDays = 3, state = 'stopped' } = options
  const recording = recordingOf({ id: ID, state })
  const transport = createFakeTransport({
    'recordings.stop': () => ({ ...recording, state: 'stopped' }),
    'recordings.delete': () => ({ id: ID }),
    'recordings.restore': () => ({ ...recording, state: 'stopped' }),
    'trash.list': () => [],
  })
  const settings = createSettingsStore({ transport })
  settings.apply({ type: 'settings.updated', settings: settingsSchema.parse({ trashDays }) })
  const recordings = createRecordingsStore({ transport })
  recordings.apply({ type: 'recording.updated', recording })
  const parts = {
    recordings,
    settings,
    trash: createTrashStore({ transport }),
    selection: createSelectionStore(),
    ui: createUiStore(),
    undo: createUndoStack(),
    player: { showNothing: () => undefined },
    playback: { reopen: () => undefined },
  }
  // Only what deleting works with.
  const services = parts as unknown as Services
  const methods = () => transport.calls.map(({ method }) => method)
  return { services, methods, order: () => recordings.store.getState().order }
}

describe('deleting a recording', () => {
  it('asks only where it cannot simply be taken back', () => {
    expect(needsYes(setUp().services, ID)).toBe(false)
    expect(needsYes(setUp({ state: 'recording' }).services, ID)).toBe(true)
    expect(needsYes(setUp({ trashDays: 0 }).services, ID)).toBe(true)
  })

  it('offers to take it back: by the button, once', async () => {
    const { services, methods, order } = setUp()
    await removeRecording(services, ID)
    expect(order()).toEqual([])
    const [toast] = services.ui.store.getState().toasts
    expect(toast?.message).toContain('trash')
    toast?.action?.run()
    services.undo.undo()
    await settle()
    expect(methods()).toEqual(['recordings.delete', 'recordings.restore'])
    expect(order()).toEqual([ID])
    expect(services.selection.store.getState().recordingId).toBe(ID)
  })

  it('offers nothing where it is gone for good', async () => {
    const { services } = setUp({ trashDays: 0 })
    await removeRecording(services, ID)
    expect(services.ui.store.getState().toasts[0]).not.toHaveProperty('action')
  })
})
