import { describe, expect, it } from 'vitest'
import { type ErrorCode, VsrError } from '../../../src-preload/contract/errors'
import type { HttpRequest } from '../../../src-main/fetch/http'
import type { FakeAnswer } from '../../support/fake-http'
import { gaps, numbers, playlistUrl, setUpRecorder, source } from '../../support/fake-recorder'
import { range } from '../../support/live-recorder'
import { mediaPlaylist } from '../../support/playlists'

const mediaUrl = 'http://edge1/media.m3u8'
const master = {
  kind: 'multivariant',
  variants: [{ uri: mediaUrl, bandwidth: 1_000_000, codecs: '' }],
  renditions: [],
  sessionKeys: [],
}
const failed = (code: ErrorCode) => new VsrError(code, 'x')
const hopeless = [
  'address_refused',
  'unsupported_source',
  'no_matching_variant',
  'not_a_url',
  'bad_request',
] as const

/** A source of 2 s segments whose window moves by one with each step. */
function setUpLive(answer: (request: HttpRequest) => FakeAnswer | undefined, count = 60) {
  let first = 0
  const setup = setUpRecorder(
    (request) =>
      answer(request) ??
      (request.kind === 'playlist'
        ? { body: JSON.stringify(mediaPlaylist({ first, count })) }
        : undefined),
  )
  const step = async (times: number) => {
    for (let done = 0; done < times; done += 1) {
      first += 1
      await setup.clock.advance(2000)
    }
  }
  return { ...setup, step }
}

describe('a recording that has footage', () => {
  it.each(hopeless)(
    'F10 is stalled by a playlist that answers %s, and loses nothing of it',
    async (code) => {
      let isDown = false
      const { step, library, recorder, record } = setUpLive(({ kind }) =>
        isDown && kind === 'playlist' ? { error: failed(code) } : undefined,
      )
      const { id } = await record()
      isDown = true
      await step(10)
      expect(recorder.status(id)).toMatchObject({
        state: 'stalled',
        reason: { cause: { code }, nextTryMs: expect.any(Number) },
      })
      isDown = false
      await step(40)
      expect(recorder.status(id)?.state).toBe('recording')
      expect(gaps(library.rows(id))).toEqual([])
      const stored = numbers(library.rows(id))
      expect(stored).toEqual(range(57, stored.length))
      expect(stored.at(-1)).toBe(109)
    },
  )

  it('F10 has what was refused to it behind a captive portal once that is over', async () => {
    let isCaptive = false
    const { step, library, recorder, record } = setUpLive(() =>
      isCaptive ? { error: failed('address_refused') } : undefined,
    )
    const { id } = await record()
    isCaptive = true
    await step(15)
    isCaptive = false
    await step(15)
    expect(gaps(library.rows(id))).toEqual([])
    expect(numbers(library.rows(id))).toEqual(range(57, 33))
    expect(recorder.status(id)?.state).toBe('recording')
  })

  it('S13 has a gap for the one segment whose address is refused, and goes on', async () => {
    const { step, library, recorder, record } = setUpLive(({ url }) =>
      url.endsWith('-65.ts') ? { error: failed('address_refused') } : undefined,
    )
    const { id } = await record()
    await step(150)
    expect(gaps(library.rows(id))).toMatchObject([{ mediaSequence: 65, count: 1 }])
    expect(numbers(library.rows(id)).at(-1)).toBe(209)
    expect(recorder.status(id)?.state).toBe('recording')
  })

  it.each(hopeless)('F18 is not ended by a resolver that says %s at a renewal', async (code) => {
    let isDown = false
    const { step, library, recorder, record } = setUpLive(({ kind }) =>
      isDown && kind === 'playlist' ? { status: 403 } : undefined,
    )
    const resolve = async () => {
      if (isDown) throw failed(code)
      return source
    }
    const { id } = await record({ source, resolve })
    isDown = true
    await step(20)
    expect(recorder.status(id)).toMatchObject({
      state: 'stalled',
      reason: { cause: expect.anything(), nextTryMs: expect.any(Number) },
    })
    isDown = false
    await step(30)
    expect(recorder.status(id)?.state).toBe('recording')
    expect(gaps(library.rows(id))).toEqual([])
  })

  it('F18 is not ended by a multivariant playlist without a stream for it', async () => {
    let isDown = false
    const { step, library, recorder, record } = setUpLive(({ url }) => {
      if (url === mediaUrl) return isDown ? { status: 410 } : undefined
      if (url !== playlistUrl) return undefined
      return isDown ? { error: failed('no_matching_variant') } : { body: JSON.stringify(master) }
    })
    const { id } = await record()
    isDown = true
    await step(20)
    expect(recorder.status(id)).toMatchObject({
      state: 'stalled',
      reason: { cause: { code: 'source_gone' }, nextTryMs: expect.any(Number) },
    })
    isDown = false
    await step(30)
    expect(recorder.status(id)?.state).toBe('recording')
    expect(gaps(library.rows(id))).toEqual([])
  })

  it.each(hopeless)('F23 waits on while its resolver says %s', async (code) => {
    let mode: 'ended' | 'gone' | 'new' = 'ended'
    const { clock, library, recorder, record } = setUpRecorder(({ kind }) => {
      if (kind !== 'playlist') return undefined
      if (mode === 'gone') return { status: 404 }
      const endList = mode === 'ended'
      return { body: JSON.stringify(mediaPlaylist({ first: 0, count: 3, endList, run: mode })) }
    })
    const resolve = async () => {
      if (mode === 'gone') throw failed(code)
      return source
    }
    const { id } = await record({ source, keepWaiting: true, resolve })
    await clock.advance(60_000)
    mode = 'gone'
    await clock.advance(60_000)
    expect(recorder.status(id)?.state).toBe('resolving')
    mode = 'new'
    await clock.advance(60_000)
    expect(numbers(library.rows(id))).toEqual([0, 1, 2, 0, 1, 2])
  })

  it.each(hopeless)(
    'F34 goes on after a restart once its resolver says %s no more',
    async (code) => {
      const { clock, library, recorder, record, create, slideTo } = setUpRecorder()
      const recording = await record()
      await recorder.close()
      let isDown = true
      const again = create()
      const resolve = async () => {
        if (isDown) throw failed(code)
        return source
      }
      again.start({ recording, quality: 'best', resolve })
      await clock.advance(60_000)
      expect(again.status(recording.id)?.reason).toMatchObject({
        cause: { code },
        nextTryMs: expect.any(Number),
      })
      isDown = false
      slideTo(40)
      await clock.advance(31_000)
      expect(numbers(library.rows(recording.id))).toEqual([10, 11, 12, 40, 41, 42])
      expect(recording.meta.state).toBe('recording')
      await again.close()
    },
  )
})

describe('a recording that has nothing yet', () => {
  it.each(hopeless)('fails with %s and says so', async (code) => {
    const { record } = setUpRecorder(() => ({ error: failed(code) }))
    const { meta } = await record()
    expect(meta).toMatchObject({ state: 'failed', failure: { code } })
  })

  it('S13 fails where the address of its first segment is refused', async () => {
    const { record } = setUpRecorder(({ kind }) =>
      kind === 'segment' ? { error: failed('address_refused') } : undefined,
    )
    const { meta } = await record()
    expect(meta).toMatchObject({ state: 'failed', failure: { code: 'address_refused' } })
  })
})
