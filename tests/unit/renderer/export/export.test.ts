import { describe, expect, it } from 'vitest'
import { exportRange, presetRange } from '../../../../src-renderer/export/export-range'
import { resultNotes } from '../../../../src-renderer/export/result-notes'
import { createExportsStore } from '../../../../src-renderer/stores/exports-store'
import { createPlayerStore } from '../../../../src-renderer/player/player-store'
import { createSelectionStore } from '../../../../src-renderer/stores/selection-store'
import { createUiStore } from '../../../../src-renderer/stores/ui-store'
import { createFakeTransport, jobOf } from '../fake-transport'

describe('exporting a range', () => {
  function setUp(transport = createFakeTransport()) {
    const selection = createSelectionStore()
    selection.select('rec00001')
    const player = { store: createPlayerStore() }
    const exports = createExportsStore({ transport })
    return { transport, selection, exports, ui: createUiStore(), player }
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

  it('carries the sound that is played, or the one that was chosen for exports', async () => {
    const { transport, ...parts } = setUp(
      createFakeTransport({
        'exports.create': () => ({ jobId: 'job1' }),
        'exports.get': () => jobOf(),
      }),
    )
    const options = ['English', 'Deutsch'].map((label, id) => ({ id, label }))
    const subtitles = { options: [], chosen: -1 }
    parts.player.store.setState({ tracks: { audio: { options, chosen: 1 }, subtitles } })
    const soundOf = async () => {
      await exportRange({ ...parts, range: { fromMs: 1, toMs: 9 }, mode: 'copy' })
      const asked = transport.calls.findLast(({ method }) => method === 'exports.create')
      return Reflect.get(Object(asked?.input), 'audio')
    }
    expect(await soundOf()).toBe('Deutsch')
    parts.ui.setExportSound('English')
    expect(await soundOf()).toBe('English')
    parts.ui.setExportSound('Français')
    expect(await soundOf()).toBe('Deutsch')
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
