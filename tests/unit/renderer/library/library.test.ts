import { describe, expect, it } from 'vitest'
import type { Probe } from '../../../../src-preload/contract/model'
import { looksComplete, probeSummary } from '../../../../src-renderer/library/probe-summary'
import { startRecording } from '../../../../src-renderer/library/start-recording'
import { createRecordingsStore } from '../../../../src-renderer/stores/recordings-store'
import { createSelectionStore } from '../../../../src-renderer/stores/selection-store'
import { createFakeTransport, recordingOf } from '../fake-transport'

const probe = (change: Partial<Probe>): Probe => ({
  kind: 'hls',
  live: true,
  variants: [],
  renditions: [],
  resolver: 'direct',
  ...change,
})
const variant = (height: number) => ({
  bandwidth: height * 1000,
  resolution: { width: height * 2, height },
  codecs: 'avc1',
})

describe('what a probe found', () => {
  it('says live or finished, how many qualities, up to which', () => {
    expect(probeSummary(probe({ variants: [variant(480), variant(1080), variant(720)] }))).toBe(
      'Live, 3 qualities up to 1080p',
    )
    expect(probeSummary(probe({ live: false, durationSec: 750, variants: [variant(720)] }))).toBe(
      'Finished video, 12:30, one quality, 720p',
    )
    expect(probeSummary(probe({ title: 'News' }))).toBe('“News” · Live')
  })

  it('says that protected video cannot be recorded', () => {
    expect(probeSummary(probe({ drm: 'Widevine' }))).toContain('Widevine')
  })

  it('says what can be recorded and exported, but not played here', () => {
    expect(probeSummary(probe({ exportOnly: true }))).toBe(
      'Live, encrypted: can be recorded and exported, but not played here',
    )
  })

  it('asks only about text that may be an address', () => {
    expect(looksComplete(' https://example.com/a.m3u8 ')).toBe(true)
    expect(looksComplete('http://127.0.0.1:8080/x')).toBe(true)
    expect(looksComplete('demo:')).toBe(true)
    for (const text of [
      '',
      'https://',
      'https://exam',
      'example',
      'ftp://example.com',
      'two words',
    ]) {
      expect(looksComplete(text)).toBe(false)
    }
  })
})

describe('starting a recording', () => {
  it('opens it at once', async () => {
    const recordings = createRecordingsStore({
      transport: createFakeTransport({ 'recordings.start': () => recordingOf({ segments: 0 }) }),
    })
    const selection = createSelectionStore()
    expect(await startRecording({ recordings, selection, url: 'demo:' })).toBeUndefined()
    expect(selection.store.getState().recordingId).toBe('rec00001')
  })

  it('gives back why not, and leaves open what was open', async () => {
    const error = { code: 'not_a_url', message: 'No address.' } as const
    const recordings = createRecordingsStore({
      transport: createFakeTransport({ 'recordings.start': () => error }),
    })
    const selection = createSelectionStore()
    expect(await startRecording({ recordings, selection, url: 'x' })).toEqual(error)
    expect(selection.store.getState().recordingId).toBeUndefined()
  })
})
