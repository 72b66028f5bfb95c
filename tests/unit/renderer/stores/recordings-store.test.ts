import { describe, expect, it } from 'vitest'
import { createRecordingsStore } from '../../../../src-renderer/stores/recordings-store'
import { createFakeTransport, recordingOf } from '../fake-transport'

const older = recordingOf({ id: 'rec00001', createdMs: 1 })
const newer = recordingOf({ id: 'rec00002', createdMs: 2 })

describe('recordings store', () => {
  it('lists what runs first, then the newest', async () => {
    const transport = createFakeTransport({
      'recordings.list': () => [
        recordingOf({ id: 'rec00001', state: 'stalled', createdMs: 1 }),
        recordingOf({ id: 'rec00002', state: 'stopped', createdMs: 2 }),
        recordingOf({ id: 'rec00003', state: 'failed', createdMs: 3 }),
      ],
    })
    const recordings = createRecordingsStore({ transport })
    await recordings.refresh()
    expect(recordings.store.getState().order).toEqual(['rec00001', 'rec00003', 'rec00002'])
  })

  it('moves no row while it is held: what was stopped goes down afterwards', () => {
    const { store, apply, hold } = createRecordingsStore({ transport: createFakeTransport() })
    apply({ type: 'recording.updated', recording: { ...older, state: 'recording' } })
    apply({ type: 'recording.updated', recording: { ...newer, state: 'recording' } })
    hold(true)
    apply({ type: 'recording.updated', recording: { ...newer, state: 'stopped' } })
    expect(store.getState().order).toEqual(['rec00002', 'rec00001'])
    hold(false)
    expect(store.getState().order).toEqual(['rec00001', 'rec00002'])
  })

  it('lists the newest first', async () => {
    const transport = createFakeTransport({ 'recordings.list': () => [older, newer] })
    const { store, refresh } = createRecordingsStore({ transport })
    await refresh()
    expect(store.getState().order).toEqual(['rec00002', 'rec00001'])
    expect(store.getState().loaded).toBe(true)
  })

  it('keeps why the list could not be read', async () => {
    const error = { code: 'internal', message: 'No.' } as const
    const { store, refresh } = createRecordingsStore({
      transport: createFakeTransport({ 'recordings.list': () => error }),
    })
    await refresh()
    expect(store.getState()).toMatchObject({ loaded: true, error })
  })

  it('takes changes and removals from events', () => {
    const { store, apply } = createRecordingsStore({ transport: createFakeTransport() })
    apply({ type: 'recording.updated', recording: older })
    apply({ type: 'recording.updated', recording: { ...older, durationSec: 99 } })
    expect(store.getState().byId['rec00001']?.durationSec).toBe(99)
    apply({ type: 'recording.removed', id: 'rec00001' })
    expect(store.getState().order).toEqual([])
  })

  it('does not let the answer to a start overwrite a newer event', async () => {
    const transport = createFakeTransport()
    const recordings = createRecordingsStore({ transport })
    transport.answers['recordings.start'] = () => {
      recordings.apply({ type: 'recording.updated', recording: { ...older, segments: 7 } })
      return { ...older, segments: 0 }
    }
    await recordings.start({ url: 'demo:' })
    expect(recordings.store.getState().byId['rec00001']?.segments).toBe(7)
  })

  it('stops a running recording before it deletes it', async () => {
    const transport = createFakeTransport({
      'recordings.stop': () => older,
      'recordings.delete': ({ id }) => ({ id }),
    })
    const recordings = createRecordingsStore({ transport })
    recordings.apply({ type: 'recording.updated', recording: older })
    const reply = await recordings.remove('rec00001')
    expect(reply.ok).toBe(true)
    expect(transport.calls.map(({ method }) => method)).toEqual([
      'recordings.stop',
      'recordings.delete',
    ])
    expect(recordings.store.getState().order).toEqual([])
  })

  it('shows a changed wish at once, and takes it back where it is refused', async () => {
    const transport = createFakeTransport({
      'recordings.update': () => ({ code: 'disk_full', message: 'The disk is full.' }),
    })
    const recordings = createRecordingsStore({ transport })
    recordings.apply({ type: 'recording.updated', recording: older })
    const isKept = () => recordings.store.getState().byId['rec00001']?.keepWaiting
    const refused = recordings.update({ id: 'rec00001', keepWaiting: true })
    expect(isKept()).toBe(true)
    await refused
    expect(isKept()).toBe(false)
  })

  it('keeps a recording that could not be stopped', async () => {
    const transport = createFakeTransport({
      'recordings.stop': () => ({ code: 'internal', message: 'No.' }),
    })
    const recordings = createRecordingsStore({ transport })
    recordings.apply({ type: 'recording.updated', recording: older })
    expect((await recordings.remove('rec00001')).ok).toBe(false)
    expect(recordings.store.getState().order).toEqual(['rec00001'])
  })
})
