import { describe, expect, it } from 'vitest'
import {
  activeJobs,
  createExportsStore,
  jobsNewestFirst,
} from '../../../../src-renderer/stores/exports-store'
import { createSelectionStore } from '../../../../src-renderer/stores/selection-store'
import { settingsSchema } from '../../../../src-preload/contract/model'
import { createSettingsStore } from '../../../../src-renderer/stores/settings-store'
import { createUiStore } from '../../../../src-renderer/stores/ui-store'
import { createUploadsStore, uploadOf } from '../../../../src-renderer/stores/uploads-store'
import { createFakeTransport, jobOf, uploadJobOf } from '../fake-transport'

describe('exports store', () => {
  it('shows a new job at once', async () => {
    const transport = createFakeTransport({
      'exports.create': () => ({ jobId: 'job1' }),
      'exports.get': () => jobOf(),
    })
    const { store, create } = createExportsStore({ transport })
    await create({ recordingId: 'rec00001', fromMs: 1, toMs: 2 })
    expect(activeJobs(store.getState())).toBe(1)
  })

  it('takes progress from events and lists the newest first', () => {
    const { store, apply } = createExportsStore({ transport: createFakeTransport() })
    apply({ type: 'export.updated', job: jobOf({ percent: 50, state: 'running' }) })
    apply({ type: 'export.updated', job: jobOf({ jobId: 'job2', createdMs: 2, state: 'done' }) })
    expect(jobsNewestFirst(store.getState()).map(({ jobId }) => jobId)).toEqual(['job2', 'job1'])
    expect(activeJobs(store.getState())).toBe(1)
  })
})

describe('uploads store', () => {
  it('knows the newest upload of an export, and takes progress from events', async () => {
    const transport = createFakeTransport({ 'uploads.create': () => uploadJobOf() })
    const { store, create, apply } = createUploadsStore({ transport })
    await create('job1')
    apply({ type: 'upload.updated', upload: uploadJobOf({ percent: 50 }) })
    expect(uploadOf(store.getState(), 'job1')).toMatchObject({ percent: 50 })
    const later = uploadJobOf({ uploadId: 'upload2', createdMs: 2 })
    apply({ type: 'upload.updated', upload: later })
    expect(uploadOf(store.getState(), 'job1')).toBe(later)
    expect(uploadOf(store.getState(), 'job2')).toBeUndefined()
  })
})

describe('selection store', () => {
  it('orders the ends of a range, rounds them, and refuses an empty one', () => {
    const { store, select, setRange } = createSelectionStore()
    select('rec00001')
    setRange(5000.4, 1000.6)
    expect(store.getState()).toEqual({
      recordingId: 'rec00001',
      range: { fromMs: 1001, toMs: 5000 },
    })
    setRange(7, 7.2)
    expect(store.getState()).toEqual({ recordingId: 'rec00001' })
  })

  it('forgets the range when another recording is opened, not when the same one is', () => {
    const { store, select, setRange } = createSelectionStore()
    select('rec00001')
    setRange(1, 2)
    select('rec00001')
    expect(store.getState().range).toBeDefined()
    select('rec00002')
    expect(store.getState()).toEqual({ recordingId: 'rec00002' })
  })
})

describe('settings store', () => {
  const settings = settingsSchema.parse({})

  it('keeps what was there when the engine refuses a change', async () => {
    const transport = createFakeTransport({
      'settings.set': () => ({ code: 'export_target_unwritable', message: 'No.' }),
    })
    const { store, save, apply } = createSettingsStore({ transport })
    apply({ type: 'settings.updated', settings })
    expect((await save({ exportsDir: '/nowhere' })).ok).toBe(false)
    expect(store.getState().settings).toEqual(settings)
  })
})

describe('ui store', () => {
  it('opens one drawer at a time and closes it with its own button', () => {
    const { store, toggleDrawer } = createUiStore()
    toggleDrawer('exports')
    toggleDrawer('settings')
    expect(store.getState().drawer).toBe('settings')
    toggleDrawer('settings')
    expect(store.getState().drawer).toBeUndefined()
  })

  it('shows a message once and at most three', () => {
    const { store, info } = createUiStore()
    for (const message of ['a', 'b', 'b', 'c', 'd']) info(message)
    expect(store.getState().toasts.map(({ message }) => message)).toEqual(['b', 'c', 'd'])
  })
})
