import { describe, expect, it } from 'vitest'
import type { MediaPlaylist, MultivariantPlaylist } from '../../../src-main/hls/playlist'
import { storedBreaks } from '../../../src-main/recorder/break-starts'
import { createSegmentIndex } from '../../../src-main/store/segment-index'
import { playlistUrl, setUpRecorder } from '../../support/fake-recorder'
import { mediaPlaylist } from '../../support/playlists'

const main: MultivariantPlaylist = {
  kind: 'multivariant',
  variants: [{ uri: 'http://edge1/video.m3u8', bandwidth: 1, codecs: '', audioGroup: 'g' }],
  renditions: [
    {
      type: 'AUDIO',
      groupId: 'g',
      name: 'en',
      uri: 'http://edge1/sound.m3u8',
      isDefault: true,
      autoselect: true,
    },
  ],
  sessionKeys: [],
}

/** Segments from 10 on; a discontinuity stands before number 13. */
const list = (run: string, count: number, durationSec: number): MediaPlaylist =>
  mediaPlaylist({
    first: 10,
    count,
    run,
    durationSec,
    patch: ({ mediaSequence }) => ({
      discontinuity: mediaSequence === 13,
      discontinuitySequence: mediaSequence < 13 ? 4 : 5,
    }),
  })

/** The sound's segments are longer than those of the picture. */
function setUp() {
  const counts = { video: 3, sound: 3 }
  const recorder = setUpRecorder(({ url, kind }) => {
    if (url === playlistUrl) return { body: JSON.stringify(main) }
    if (kind !== 'playlist') return undefined
    return url.includes('video')
      ? { body: JSON.stringify(list('v', counts.video, 2)) }
      : { body: JSON.stringify(list('s', counts.sound, 2.1)) }
  })
  const { library } = recorder
  const startOf = (id: string, track: string) =>
    library.rows(id, track).find((row) => row.kind === 'segment' && row.mediaSequence === 13)
      ?.startMs
  return { ...recorder, counts, startOf }
}

describe('a discontinuity of the sound', () => {
  it('lies where that of the picture does, however long the segments in front of it are', async () => {
    const { record, clock, counts, startOf } = setUp()
    const { id } = await record()
    counts.video = 5
    counts.sound = 5
    await clock.advance(4000)
    expect(startOf(id, 'v0')).toBeDefined()
    expect(startOf(id, 'a0')).toBe(startOf(id, 'v0'))
  })

  it('that is listed before that of the picture waits for it, for a target duration at most', async () => {
    const { record, clock, counts, startOf } = setUp()
    const { id } = await record()
    counts.sound = 5
    // Both lists are asked for at once: only that of the sound has more by then.
    await clock.advance(2500)
    expect(startOf(id, 'a0')).toBeUndefined()
    counts.video = 5
    await clock.advance(2000)
    expect(startOf(id, 'v0')).toBeDefined()
    expect(startOf(id, 'a0')).toBe(startOf(id, 'v0'))
  })

  it('goes by the lengths where the picture has none', async () => {
    const { record, clock, counts, library } = setUp()
    const { id } = await record()
    counts.sound = 5
    await clock.advance(8000)
    const starts = library
      .rows(id, 'a0')
      .flatMap((row) => (row.kind === 'segment' ? [row.startMs] : []))
    expect((starts[3] ?? 0) - (starts[2] ?? 0)).toBe(2100)
  })
})

describe('storedBreaks', () => {
  it('are those of the last epoch', () => {
    const index = createSegmentIndex()
    let at = 0
    const base = () => ({ index: at++, epoch: 0, startMs: at * 1000, mediaSequence: at })
    const breakRow = (reason: 'epoch' | 'source') =>
      index.push({ ...base(), kind: 'discontinuity', reason, clock: 'arrival' })
    const gap = (discontinuitySequence: number) =>
      index.push({
        ...base(),
        kind: 'gap',
        durationSec: 1,
        cause: 'network',
        count: 1,
        discontinuitySequence,
      })
    breakRow('epoch')
    gap(1)
    breakRow('source')
    gap(2)
    breakRow('epoch')
    gap(7)
    gap(7)
    breakRow('source')
    gap(8)
    const found = [...storedBreaks(index)].map((row) => row.discontinuitySequence)
    expect(found).toEqual([8])
  })
})
