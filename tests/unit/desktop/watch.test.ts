import { describe, expect, it } from 'vitest'
import type { VsrEvent } from '../../../src-preload/contract/events'
import { type RecordingSummary, settingsSchema } from '../../../src-preload/contract/model'
import type { Dispatcher } from '../../../src-main/api/dispatcher'
import { createWatch } from '../../../src-main/desktop/watch'
import { recordingLike } from './recordings'

const settings = settingsSchema.parse({})

/** A dispatcher with a list, whose answers wait until the test lets them through. */
function fakeDispatcher(list: readonly RecordingSummary[]) {
  const listeners = new Set<(event: VsrEvent) => void>()
  let release = () => {}
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  const dispatcher: Dispatcher = {
    dispatch: async (method) => {
      await released
      return { ok: true, value: method === 'recordings.list' ? list : settings }
    },
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
  const emit = (event: VsrEvent) => {
    for (const listener of listeners) listener(event)
  }
  return { dispatcher, emit, release, listeners }
}

describe('what the desktop knows of recordings and settings', () => {
  it('starts from the list and follows the events, newest recording first', async () => {
    const { dispatcher, emit, release } = fakeDispatcher([recordingLike({ id: 'aaaaaaaa' })])
    release()
    const watch = await createWatch({ dispatcher })
    const newer = recordingLike({ id: 'bbbbbbbb', createdMs: 2_000_000 })
    let changes = 0
    watch.onChange(() => {
      changes += 1
    })
    emit({ type: 'recording.updated', recording: newer })
    emit({ type: 'settings.updated', settings: { ...settings, closeToTray: false } })
    expect(watch.recordings().map(({ id }) => id)).toEqual(['bbbbbbbb', 'aaaaaaaa'])
    expect(watch.settings()?.closeToTray).toBe(false)
    expect(changes).toBe(2)
    emit({ type: 'recording.removed', id: 'bbbbbbbb' })
    expect(watch.recordings().map(({ id }) => id)).toEqual(['aaaaaaaa'])
  })

  it('believes events over a list that was on its way when they came', async () => {
    const { dispatcher, emit, release } = fakeDispatcher([
      recordingLike({ id: 'aaaaaaaa', state: 'recording' }),
      recordingLike({ id: 'bbbbbbbb' }),
    ])
    const opening = createWatch({ dispatcher })
    emit({
      type: 'recording.updated',
      recording: recordingLike({ id: 'aaaaaaaa', state: 'stopped' }),
    })
    emit({ type: 'recording.removed', id: 'bbbbbbbb' })
    release()
    const watch = await opening
    expect(watch.recordings().map(({ id, state }) => [id, state])).toEqual([
      ['aaaaaaaa', 'stopped'],
    ])
  })

  it('lets go of the dispatcher when it is closed', async () => {
    const { dispatcher, release, listeners } = fakeDispatcher([])
    release()
    const watch = await createWatch({ dispatcher })
    watch.close()
    expect(listeners.size).toBe(0)
  })
})
