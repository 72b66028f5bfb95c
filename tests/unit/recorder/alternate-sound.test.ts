import { describe, expect, it } from 'vitest'
import { count, gaps, numbers, playlistUrl } from '../../support/fake-recorder'
import { mediaPlaylist } from '../../support/playlists'
import { activityOf, gone, json, setUpLanguages } from '../../support/fake-languages'

/** German is dead until the test says otherwise. */
const setUp = (options: { endList?: boolean } = {}) =>
  setUpLanguages({ ...options, answers: { de: gone } })

describe('an alternate language that is dead', () => {
  it('holds up nothing, and is told with its cause and next try', async () => {
    const { record, recorder, clock, library, pass } = setUp()
    const recording = await record({ audio: 'all' })
    await pass(60)
    expect(recorder.status(recording.id)).toMatchObject({ state: 'recording' })
    expect(recorder.status(recording.id)?.reason?.cause).toBeUndefined()
    for (const track of ['v0', 'a0', 'a2']) {
      expect(numbers(library.rows(recording.id, track)).at(-1)).toBeGreaterThanOrEqual(40)
    }
    const [trouble, ...others] = recorder.status(recording.id)?.trackTroubles ?? []
    expect(others).toEqual([])
    expect(trouble).toMatchObject({
      track: 'a1',
      kind: 'audio',
      label: 'de',
      cause: { code: 'source_not_found' },
    })
    expect(trouble?.nextTryMs).toBeGreaterThan(clock.nowMs())
    expect(await activityOf(recording)).toMatchObject([
      { type: 'track-lost', track: 'a1', label: 'de', cause: { code: 'source_not_found' } },
    ])
  })

  it('is asked for politely', async () => {
    const { record, http, pass } = setUp()
    await record({ audio: 'all' })
    await pass(30)
    const before = http.requests.length
    await pass(120)
    const asked = http.requests.slice(before).filter(({ url }) => url.endsWith('/de.m3u8'))
    expect(asked.length).toBeGreaterThan(8)
    expect(asked.length).toBeLessThan(20)
  })

  it('goes on when it comes back: what it missed is a gap of its own, from the start of the recording', async () => {
    const { record, recorder, library, source, pass } = setUp()
    const recording = await record({ audio: 'all' })
    await pass(60)
    source.answers.de = undefined
    await pass(20)
    expect(recorder.status(recording.id)?.trackTroubles).toBeUndefined()
    const rows = library.rows(recording.id, 'a1')
    const startMs = library.rows(recording.id)[0]?.startMs
    expect(gaps(rows)).toMatchObject([{ startMs, cause: 'not-found', count: 0 }])
    expect(gaps(rows)[0]?.durationSec).toBeGreaterThan(45)
    expect(numbers(rows).length).toBeGreaterThan(5)
    const startOf = (track: string, number: number) =>
      library
        .rows(recording.id, track)
        .find((row) => row.kind === 'segment' && row.mediaSequence === number)?.startMs
    const last = numbers(rows).at(-1) ?? 0
    expect(startOf('a1', last)).toBe(startOf('v0', last))
    expect((await activityOf(recording)).map(({ type }) => type)).toEqual([
      'track-lost',
      'track-back',
    ])
  })

  it('whose address has expired is had at a fresh one, for which the source is asked rarely', async () => {
    const { record, recorder, library, source, pass, http } = setUp()
    source.answers.de = { status: 403 }
    const recording = await record({ audio: 'all' })
    await pass(300)
    const asked = count(http.requests, playlistUrl)
    expect(asked).toBeGreaterThan(1)
    expect(asked).toBeLessThanOrEqual(4)
    source.token = '?token=b'
    source.answers.de = undefined
    await pass(150)
    expect(numbers(library.rows(recording.id, 'a1')).length).toBeGreaterThan(5)
    expect(recorder.status(recording.id)?.trackTroubles).toBeUndefined()
    expect(gaps(library.rows(recording.id))).toEqual([])
  })

  it('that is refused before there is a picture is tried again once there is one', async () => {
    const { record, recorder, library, source, pass } = setUp()
    source.answers.de = json(
      mediaPlaylist({
        first: 10,
        count: 3,
        run: 'de',
        patch: () => ({ key: { method: 'SAMPLE-AES-CTR', uri: 'http://edge1/key' } }),
      }),
    )
    source.answers.media = gone
    const recording = await record({ audio: 'all' })
    await pass(4)
    expect(recorder.status(recording.id)?.trackTroubles).toContainEqual(
      expect.objectContaining({
        track: 'a1',
        cause: expect.objectContaining({ code: 'unsupported_encryption' }),
        nextTryMs: expect.any(Number),
      }),
    )
    source.answers.de = undefined
    source.answers.media = undefined
    await pass(40)
    expect(numbers(library.rows(recording.id)).length).toBeGreaterThan(10)
    expect(numbers(library.rows(recording.id, 'a1')).length).toBeGreaterThan(5)
    expect(recorder.status(recording.id)?.trackTroubles).toBeUndefined()
  })

  it('that dies in the middle is missing from there to the end when the person stops', async () => {
    const { record, recorder, clock, library, source, pass } = setUp()
    source.answers.de = undefined
    const recording = await record({ audio: 'all' })
    await pass(20)
    source.answers.de = gone
    await pass(60)
    await Promise.all([recorder.stop(recording.id), clock.advance(6000)])
    expect(recording.meta).toMatchObject({ state: 'stopped', sourceEnded: false })
    const [gap, ...others] = gaps(library.rows(recording.id, 'a1'))
    expect(others).toEqual([])
    expect(gap).toMatchObject({ cause: 'not-found', count: 0 })
    const endMs = (gap?.startMs ?? 0) + (gap?.durationSec ?? 0) * 1000
    const last = library.rows(recording.id).at(-1)
    expect(endMs).toBe((last?.startMs ?? 0) + 2000)
    expect(gaps(library.rows(recording.id))).toEqual([])
  })

  it('adds no gap when VSR only closes: the recording goes on later', async () => {
    const { record, recorder, clock, library, pass } = setUp()
    const recording = await record({ audio: 'all' })
    await pass(20)
    await Promise.all([recorder.close(), clock.advance(6000)])
    expect(library.rows(recording.id, 'a1')).toEqual([])
  })

  it('that sends nothing new is told, too', async () => {
    const { record, recorder, source, pass } = setUp()
    source.answers.de = json(mediaPlaylist({ first: 10, count: 3, run: 'de' }))
    const recording = await record({ audio: 'all' })
    await pass(30)
    expect(recorder.status(recording.id)?.trackTroubles).toMatchObject([
      { track: 'a1', cause: { code: 'source_timeout' } },
    ])
    expect(recorder.status(recording.id)?.reason?.cause).toBeUndefined()
  })

  it('does not keep a finished video from ending, which says what is missing', async () => {
    const { record, recorder, clock, library } = setUp({ endList: true })
    const recording = await record({ audio: 'all' })
    await clock.advance(60_000)
    expect(recorder.status(recording.id)).toBeUndefined()
    expect(recording.meta).toMatchObject({ state: 'stopped', sourceEnded: true })
    expect(numbers(library.rows(recording.id, 'a2'))).toEqual([10, 11, 12])
    expect(await activityOf(recording)).toMatchObject([{ type: 'track-lost', label: 'de' }])
    expect(gaps(library.rows(recording.id, 'a1'))).toMatchObject([
      { durationSec: 6, cause: 'not-found' },
    ])
  })
})
