import { describe, expect, it } from 'vitest'
import { gaps, numbers, setUpRecorder as setUp } from '../../support/fake-recorder'

describe('recorder, when its source is protected', () => {
  it('refuses a protected stream with the reason, for good', async () => {
    const { library, record, slideTo, states } = setUp()
    const key = {
      method: 'SAMPLE-AES',
      uri: 'skd://x',
      keyFormat: 'com.apple.streamingkeydelivery',
    }
    slideTo(10, { patch: () => ({ key }) })
    const { id } = await record()
    expect(states.at(-1)).toBe(`${id}:failed`)
    expect(library.get(id)?.meta).toMatchObject({
      state: 'failed',
      failure: { code: 'drm_protected' },
    })
    expect(library.rows(id)).toEqual([])
  })

  it('keeps recording a stream that turns on protection: stalls with the cause, notes the gap, goes on after it', async () => {
    const { clock, library, recorder, record, slideTo, http } = setUp()
    const fairPlay = {
      method: 'SAMPLE-AES',
      uri: 'skd://x',
      keyFormat: 'com.apple.streamingkeydelivery',
    }
    const isProtected = (mediaSequence: number) => mediaSequence >= 14 && mediaSequence < 18
    const show = (first: number) =>
      slideTo(first, {
        patch: ({ mediaSequence }: { mediaSequence: number }) =>
          isProtected(mediaSequence) ? { key: fairPlay } : {},
      })
    show(10)
    const { id } = await record()
    show(12)
    await clock.advance(2000)
    expect(recorder.status(id)).toMatchObject({
      state: 'stalled',
      reason: {
        sinceMs: clock.nowMs(),
        cause: { code: 'drm_protected', message: expect.stringContaining('FairPlay') as string },
      },
    })
    expect(library.get(id)?.meta.state).toBe('recording')
    show(14)
    await clock.advance(60_000)
    expect(recorder.status(id)).toMatchObject({ reason: { cause: { code: 'drm_protected' } } })
    show(17)
    await clock.advance(2000)
    expect(recorder.status(id)?.state).toBe('recording')
    expect(recorder.status(id)?.reason?.cause).toBeUndefined()
    expect(numbers(library.rows(id))).toEqual([10, 11, 12, 13, 18, 19])
    const missed = gaps(library.rows(id))
    expect(missed.every((row) => row.kind === 'gap' && row.cause === 'protected')).toBe(true)
    expect(missed.reduce((sum, row) => sum + (row.kind === 'gap' ? row.count : 0), 0)).toBe(4)
    const asked = http.requests.filter(({ url }) => /-1[4-7]\.ts/.test(url))
    expect(asked).toEqual([])
  })

  it('a recording that has footage starts again under protection, and waits for its end', async () => {
    const { clock, library, record, recorder, slideTo, create, resolve } = setUp()
    const recording = await record()
    await recorder.close()
    const key = { method: 'SAMPLE-AES-CTR', uri: 'data:x', keyFormat: 'com.widevine' }
    slideTo(13, { patch: () => ({ key }) })
    const again = create()
    again.start({ recording, quality: 'best', resolve })
    await clock.settle()
    expect(again.status(recording.id)).toMatchObject({
      state: 'stalled',
      reason: { cause: { code: 'drm_protected' } },
    })
    slideTo(16)
    await clock.advance(4000)
    expect(numbers(library.rows(recording.id))).toEqual([10, 11, 12, 16, 17, 18])
    expect(again.status(recording.id)?.state).toBe('recording')
    await again.close()
  })
})
