import { describe, expect, it } from 'vitest'
import type { MultivariantPlaylist } from '../../../src-main/hls/playlist'
import type { FakeAnswer } from '../../support/fake-http'
import { gaps, numbers, playlistUrl, setUpRecorder } from '../../support/fake-recorder'
import { mediaPlaylist } from '../../support/playlists'

const videoUrl = 'http://edge1/video.m3u8'
const subtitlesUrl = 'http://edge1/subtitles.m3u8'
const main: MultivariantPlaylist = {
  kind: 'multivariant',
  variants: [{ uri: videoUrl, bandwidth: 1000, codecs: '', subtitlesGroup: 'g' }],
  renditions: [
    {
      type: 'SUBTITLES',
      groupId: 'g',
      name: 'English',
      uri: subtitlesUrl,
      isDefault: false,
      autoselect: false,
    },
  ],
  sessionKeys: [],
}
const json = (value: object): FakeAnswer => ({ body: JSON.stringify(value) })

/** A source with a picture and subtitles; each answers what the test says. */
function setUp(subtitles: () => FakeAnswer) {
  const world = { first: 10, ended: false, text: 'WEBVTT\n\n' }
  const recorder = setUpRecorder(({ url, kind }) => {
    if (url === playlistUrl) return json(main)
    if (url === videoUrl) {
      return json(mediaPlaylist({ first: world.first, count: 3, endList: world.ended }))
    }
    if (url === subtitlesUrl) return subtitles()
    return kind === 'segment' && url.includes('/vtt-') ? { body: world.text } : undefined
  })
  return { ...recorder, source: world }
}
const textList = (first: number, count: number) => mediaPlaylist({ first, count, run: 'vtt' })

describe('subtitles beside the media', () => {
  it('are recorded as they come; empty ones are valid', async () => {
    const { record, library } = setUp(() => json(textList(10, 3)))
    const { id } = await record()
    expect(numbers(library.rows(id, 's0'))).toEqual([10, 11, 12])
    const [row] = library.rows(id, 's0').filter(({ kind }) => kind === 'segment')
    expect(row).toMatchObject({ extension: 'vtt' })
  })

  it('are no stall when they are silent, late or refused, and ask for no other address', async () => {
    for (const subtitles of [json(textList(10, 1)), { status: 403 } as const, { body: 'gone' }]) {
      const { record, clock, recorder, source, world } = setUp(() => subtitles)
      const { id } = await record()
      for (let second = 0; second < 60; second += 1) {
        source.first += 0.5
        if (Number.isInteger(source.first)) await clock.advance(2000)
      }
      expect(recorder.status(id)).toMatchObject({ state: 'recording' })
      expect(recorder.status(id)?.reason?.cause).toBeUndefined()
      expect(world.resolves).toBe(0)
      await Promise.all([recorder.stop(id), clock.advance(6000)])
    }
  })

  it('lack nothing for as long as nobody speaks', async () => {
    const world = { first: 10, count: 0 }
    const { record, clock, source, library } = setUp(() => json(textList(world.first, world.count)))
    const recording = await record()
    const pass = async (turns: number) => {
      for (let turn = 0; turn < turns; turn += 1) {
        source.first += 1
        await clock.advance(2000)
      }
    }
    await pass(20)
    world.count = 3
    await pass(20)
    world.first = 13
    await pass(5)
    expect(numbers(library.rows(recording.id, 's0'))).toEqual([10, 11, 12, 13, 14, 15])
    expect(gaps(library.rows(recording.id, 's0'))).toEqual([])
  })

  it('hold the end up for half a minute at most, when they go on for ever or cannot be had', async () => {
    for (const subtitles of [json(textList(10, 1)), { status: 404 } as const]) {
      const { record, clock, recorder, source, library } = setUp(() => subtitles)
      source.ended = true
      const { id } = await record()
      await clock.advance(29_000)
      expect(recorder.status(id)).toBeDefined()
      await clock.advance(2000)
      expect(recorder.status(id)).toBeUndefined()
      expect(library.get(id)?.meta.state).toBe('stopped')
      expect(numbers(library.rows(id))).toEqual([10, 11, 12])
    }
  })

  it('get the time they need when the media have ended and they are late', async () => {
    let first = 10
    const { record, clock, recorder, source, library } = setUp(() => json(textList(first, 3)))
    source.ended = true
    const { id } = await record()
    for (let turn = 0; turn < 4; turn += 1) {
      first += 1
      await clock.advance(20_000)
      expect(recorder.status(id)).toBeDefined()
    }
    await clock.advance(61_000)
    expect(recorder.status(id)).toBeUndefined()
    expect(numbers(library.rows(id, 's0'))).toEqual([10, 11, 12, 13, 14, 15, 16])
  })
})
