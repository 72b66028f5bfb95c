import { describe, expect, it } from 'vitest'
import { exportRange, presetRange } from '../../../../src-renderer/export/export-range'
import { resultNotes } from '../../../../src-renderer/export/result-notes'
import { createExportsStore } from '../../../../src-renderer/stores/exports-store'
import { createSelectionStore } from '../../../../src-renderer/stores/selection-store'
import { createUiStore } from '../../../../src-renderer/stores/ui-store'
import { createFakeTransport, jobOf } from '../fake-transport'

describe('exporting a range', () => {
  function setUp(transport = createFakeTransport()) {
    const selection = createSelectionStore()
    selection.select('rec00001')
    return { transport, selection, exports: createExportsStore({ transport }), ui: createUiStore() }
  }

  it('asks for whole milliseconds of the open recording and shows the queue', async () => {
    const { transport, ...parts } = setUp(
      createFakeTransport({
        'exports.create': () => ({ jobId: 'job1' }),
        'exports.get': () => jobOf(),
      }),
    )
    await exportRange({ ...parts, range: { fromMs: 1.4, toMs: 9.6 }, mode: 'exact' })
    expect(transport.calls[0]?.input).toEqual({
      recordingId: 'rec00001',
      fromMs: 1,
      toMs: 10,
      mode: 'exact',
    })
    expect(parts.ui.store.getState().drawer).toBe('exports')
  })

  it('shows why it could not', async () => {
    const parts = setUp(
      createFakeTransport({
        'exports.create': () => ({ code: 'no_footage', message: 'Nothing there.' }),
      }),
    )
    await exportRange({ ...parts, range: { fromMs: 1, toMs: 2 }, mode: 'copy' })
    expect(parts.ui.store.getState().toasts[0]?.message).toBe('Nothing there.')
  })

  it('takes the last seconds, all of a shorter recording, or the whole', () => {
    const extent = { startMs: 0, endMs: 60_000 }
    expect(presetRange(extent, 30)).toEqual({ fromMs: 30_000, toMs: 60_000 })
    expect(presetRange(extent, 600)).toEqual({ fromMs: 0, toMs: 60_000 })
    expect(presetRange(extent, undefined)).toEqual({ fromMs: 0, toMs: 60_000 })
  })
})

describe('notes on a finished export', () => {
  const notes = (startMs: number, gapsSkippedSec = 0) =>
    resultNotes({ fromMs: 10_000 }, { startMs, gapsSkippedSec })

  it('says how much earlier the file starts', () => {
    expect(notes(8600)).toEqual(['Starts 1.4 s early, at the key frame'])
    expect(notes(9990)).toEqual(['Starts where the range starts'])
  })

  it('says what was left out', () => {
    expect(notes(10_000, 11)).toContain('11 s of gaps left out')
  })
})
