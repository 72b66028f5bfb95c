import { describe, expect, it } from 'vitest'
import { count, gaps, numbers, playlistUrl } from '../../support/fake-recorder'
import { activityOf, gone, json, setUpLanguages } from '../../support/fake-languages'
import { mediaPlaylist } from '../../support/playlists'

describe('the default sound', () => {
  it('that is dead holds up no picture, and is told with its cause and next try', async () => {
    const { record, recorder, clock, library, pass, states } = setUpLanguages({
      answers: { en: gone },
    })
    const recording = await record()
    await pass(60)
    expect(recorder.status(recording.id)).toMatchObject({ state: 'recording' })
    expect(recorder.status(recording.id)?.reason?.cause).toBeUndefined()
    expect(states.some((state) => state.endsWith(':stalled'))).toBe(false)
    expect(numbers(library.rows(recording.id)).at(-1)).toBeGreaterThanOrEqual(40)
    expect(gaps(library.rows(recording.id))).toEqual([])
    const [trouble] = recorder.status(recording.id)?.trackTroubles ?? []
    expect(trouble).toMatchObject({
      track: 'a0',
      kind: 'audio',
      label: 'en',
      cause: { code: 'source_not_found' },
    })
    expect(trouble?.nextTryMs).toBeGreaterThan(clock.nowMs())
    expect(await activityOf(recording)).toMatchObject([
      { type: 'track-lost', track: 'a0', label: 'en', cause: { code: 'source_not_found' } },
    ])
  })

  it('whose key cannot be had is told as its own trouble, never as one of the picture', async () => {
    const { record, recorder, library, pass } = setUpLanguages({
      sealed: 'en',
      answers: { key: { status: 500 } },
    })
    const recording = await record()
    const causes = new Set<string>()
    recorder.onChange((_id, { reason }) => {
      if (reason?.cause !== undefined) causes.add(reason.cause.code)
    })
    await pass(10)
    expect(recorder.status(recording.id)?.trackTroubles).toMatchObject([
      { track: 'a0', cause: { code: 'key_unavailable' } },
    ])
    await pass(60)
    expect([...causes]).toEqual([])
    expect(gaps(library.rows(recording.id))).toEqual([])
  })

  it('that dies in the middle and comes back is recorded on, in step behind a gap of its own', async () => {
    const { record, recorder, library, source, pass } = setUpLanguages()
    const recording = await record()
    await pass(20)
    source.answers.en = gone
    await pass(60)
    expect(recorder.status(recording.id)).toMatchObject({
      state: 'recording',
      trackTroubles: [{ track: 'a0' }],
    })
    source.answers.en = undefined
    await pass(20)
    expect(recorder.status(recording.id)?.trackTroubles).toBeUndefined()
    const rows = library.rows(recording.id, 'a0')
    expect(gaps(rows)).toMatchObject([{ cause: 'not-found' }])
    expect(gaps(library.rows(recording.id))).toEqual([])
    const startOf = (track: string, number: number) =>
      library
        .rows(recording.id, track)
        .find((row) => row.kind === 'segment' && row.mediaSequence === number)?.startMs
    const last = numbers(rows).at(-1) ?? 0
    expect(last).toBeGreaterThanOrEqual(58)
    expect(startOf('a0', last)).toBe(startOf('v0', last))
    expect((await activityOf(recording)).map(({ type }) => type)).toEqual([
      'track-lost',
      'track-back',
    ])
  })

  it('that was never there before is a gap from the start of the recording', async () => {
    const { record, library, source, pass } = setUpLanguages({ answers: { en: gone } })
    const recording = await record()
    await pass(60)
    source.answers.en = undefined
    await pass(20)
    const rows = library.rows(recording.id, 'a0')
    const startMs = library.rows(recording.id)[0]?.startMs
    expect(gaps(rows)).toMatchObject([{ startMs, cause: 'not-found', count: 0 }])
    expect(numbers(rows).length).toBeGreaterThan(5)
  })

  it('that the source lists nothing of at first is a gap from the start of the recording', async () => {
    const nothing = json(mediaPlaylist({ first: 10, count: 0, run: 'en' }))
    const { record, library, source, pass } = setUpLanguages({ answers: { en: nothing } })
    const recording = await record()
    await pass(60)
    source.answers.en = undefined
    await pass(20)
    const rows = library.rows(recording.id, 'a0')
    const startMs = library.rows(recording.id)[0]?.startMs
    expect(gaps(rows)).toMatchObject([{ startMs, cause: 'timeout', count: 0 }])
    expect(gaps(rows)[0]?.durationSec).toBeGreaterThan(50)
    expect(recording.figures.soundGapSec).toBe(gaps(rows)[0]?.durationSec)
    expect(numbers(rows).length).toBeGreaterThan(5)
  })

  it('that falls silent and goes on lacks what the picture has meanwhile', async () => {
    const { record, library, source, pass } = setUpLanguages()
    const recording = await record()
    await pass(20)
    const from = source.first
    const frozen = (first: number) => json(mediaPlaylist({ first, count: 3, run: 'en' }))
    source.answers.en = frozen(from)
    await pass(60)
    for (let at = 1; at <= 10; at += 1) {
      source.answers.en = frozen(from + at)
      await pass(2)
    }
    const rows = library.rows(recording.id, 'a0')
    expect(gaps(rows)).toMatchObject([{ cause: 'timeout', mediaSequence: from + 3, count: 0 }])
    const { gapSec, soundGapSec } = recording.figures
    expect(gapSec).toBe(0)
    expect(soundGapSec).toBeGreaterThan(50)
    expect(soundGapSec).toBeLessThan(65)
  })

  it('that is refused is looked for at a fresh address at once, then rarely', async () => {
    const { record, library, source, pass, http } = setUpLanguages()
    const recording = await record()
    await pass(20)
    source.answers.en = { status: 403 }
    source.token = '?token=b'
    await pass(300)
    const asked = count(http.requests, playlistUrl)
    expect(asked).toBeGreaterThan(1)
    expect(asked).toBeLessThanOrEqual(5)
    source.answers.en = undefined
    await pass(20)
    expect(numbers(library.rows(recording.id, 'a0')).at(-1)).toBeGreaterThan(150)
    expect(gaps(library.rows(recording.id))).toEqual([])
  })

  it('that is protected from the start ends no recording: the picture is recorded, the sound told and tried again', async () => {
    const sealed = mediaPlaylist({
      first: 10,
      count: 3,
      run: 'en',
      patch: () => ({ key: { method: 'SAMPLE-AES-CTR', uri: 'http://edge1/key' } }),
    })
    const { record, recorder, library, source, pass } = setUpLanguages({
      answers: { en: json(sealed), media: gone },
    })
    const recording = await record()
    await pass(4)
    expect(recorder.status(recording.id)?.trackTroubles).toMatchObject([
      { track: 'a0', cause: { code: 'unsupported_encryption' }, nextTryMs: expect.any(Number) },
    ])
    source.answers['media'] = undefined
    await pass(20)
    expect(recorder.status(recording.id)).toMatchObject({ state: 'recording' })
    expect(numbers(library.rows(recording.id)).length).toBeGreaterThan(5)
    source.answers['en'] = undefined
    await pass(20)
    expect(numbers(library.rows(recording.id, 'a0')).length).toBeGreaterThan(5)
    expect(recorder.status(recording.id)?.trackTroubles).toBeUndefined()
  })

  it('that is dead does not keep a finished video from ending, which says what is missing', async () => {
    const { record, recorder, clock, library } = setUpLanguages({
      endList: true,
      answers: { en: gone },
    })
    const recording = await record()
    await clock.advance(60_000)
    expect(recorder.status(recording.id)).toBeUndefined()
    expect(recording.meta).toMatchObject({ state: 'stopped', sourceEnded: true })
    expect(numbers(library.rows(recording.id))).toEqual([10, 11, 12])
    expect(await activityOf(recording)).toMatchObject([{ type: 'track-lost', label: 'en' }])
    expect(gaps(library.rows(recording.id, 'a0'))).toMatchObject([
      { durationSec: 6, cause: 'not-found' },
    ])
  })
})
