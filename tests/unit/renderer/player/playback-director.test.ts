import { describe, expect, it } from 'vitest'
import { createPlaybackDirector } from '../../../../src-renderer/player/playback-director'
import { createPlayhead } from '../../../../src-renderer/player/playhead'
import { createPlayerStore } from '../../../../src-renderer/player/player-store'
import { createRecordingsStore } from '../../../../src-renderer/stores/recordings-store'
import { createSelectionStore } from '../../../../src-renderer/stores/selection-store'
import { createFakeTransport, recordingOf, settle } from '../fake-transport'

function setUp() {
  const transport = createFakeTransport({
    'playback.open': ({ id }) => ({
      url: `/recordings/${id}/live/stream.m3u8`,
      pictureUrl: `/recordings/${id}/live/stream.m3u8?sound=none`,
      live: true,
      sounds: [],
    }),
  })
  const recordings = createRecordingsStore({ transport })
  const selection = createSelectionStore()
  const opened: string[] = []
  const failures: string[] = []
  const store = createPlayerStore()
  const director = createPlaybackDirector({
    transport,
    recordings,
    selection,
    memory: { of: () => ({}) },
    picture: () => undefined,
    player: {
      store,
      playhead: createPlayhead(),
      reopen: ({ url }) => opened.push(url),
      open: ({ url }) => opened.push(url),
      showNothing: (phase) => store.setState({ phase }),
      fail: ({ message }) => {
        failures.push(message)
        store.setState({ phase: 'failed' })
      },
    },
  })
  const put = (change: Parameters<typeof recordingOf>[0]) =>
    recordings.apply({ type: 'recording.updated', recording: recordingOf(change) })
  return { transport, selection, opened, failures, store, director, put }
}

describe('playback director', () => {
  it('waits for the first segment, then opens once', async () => {
    const { selection, opened, store, put } = setUp()
    put({ segments: 0, state: 'resolving' })
    selection.select('rec00001')
    expect(store.getState().phase).toBe('waiting')
    put({ segments: 0 })
    await settle()
    expect(opened).toEqual([])
    put({ segments: 1 })
    put({ segments: 2 })
    await settle()
    expect(opened).toEqual(['/recordings/rec00001/live/stream.m3u8'])
  })

  it('says that there is nothing in a recording that ended without a segment', () => {
    const { selection, store, put } = setUp()
    put({ segments: 0, state: 'failed' })
    selection.select('rec00001')
    expect(store.getState().phase).toBe('empty')
  })

  it('drops an answer for a recording that is no longer open', async () => {
    const { selection, opened, put } = setUp()
    put({})
    put({ id: 'rec00002' })
    selection.select('rec00001')
    selection.select('rec00002')
    await settle()
    expect(opened).toEqual(['/recordings/rec00002/live/stream.m3u8'])
  })

  it('shows a failure, and tries again when asked', async () => {
    const { transport, selection, opened, failures, director, put } = setUp()
    const works = transport.answers['playback.open']
    transport.answers['playback.open'] = () => ({ code: 'internal', message: 'No.' })
    put({})
    selection.select('rec00001')
    await settle()
    expect(failures).toEqual(['No.'])
    if (works !== undefined) transport.answers['playback.open'] = works
    director.reopen()
    await settle()
    expect(opened).toHaveLength(1)
  })

  it('says that footage came late into what is open, and opens it where it is when asked', async () => {
    const { selection, opened, store, director, put } = setUp()
    put({ gapSec: 4 })
    selection.select('rec00001')
    await settle()
    store.setState({ phase: 'ready' })
    put({ gapSec: 6 })
    expect(store.getState().hasLate).toBe(false)
    put({ gapSec: 2 })
    expect(store.getState().hasLate).toBe(true)
    director.showLate()
    await settle()
    expect(opened).toHaveLength(2)
  })

  it('opens again after a lost connection only what the player had given up on', async () => {
    const { selection, opened, store, director, put } = setUp()
    put({})
    selection.select('rec00001')
    await settle()
    store.setState({ phase: 'ready' })
    director.recover()
    await settle()
    expect(opened).toHaveLength(1)
    store.setState({ phase: 'failed' })
    director.recover()
    await settle()
    expect(opened).toHaveLength(2)
  })
})
