import { describe, expect, it, onTestFinished } from 'vitest'
import type { ErrorCode } from '../../src-preload/contract/errors'
import { impatientPolicy, storedOf } from '../support/fault-recording'
import { readMedia } from '../support/media'
import { openTestRecorder } from '../support/real-recorder'
import { startTestOrigin, type TestOrigin } from '../support/test-origin'
import { waitUntil } from '../support/wait-until'

async function startOrigin(): Promise<TestOrigin> {
  const origin = await startTestOrigin()
  onTestFinished(() => origin.stop())
  return origin
}

async function setUp(programDateTimeMs?: number) {
  const { media } = await readMedia({ kind: 'ts' })
  const origin = await startOrigin()
  const dated = programDateTimeMs === undefined ? {} : { programDateTimeMs }
  const addStream = (name: string) => origin.addStream({ name, media, windowSize: 4, ...dated })
  return { origin, addStream, ...(await openTestRecorder({ policy: impatientPolicy })) }
}

/** What is sent, and what a person is told of it. Where only numbers make no sense, the segment is asked for; it is not there. */
const hostilePlaylists: readonly (readonly [what: string, body: string, code: ErrorCode])[] = [
  ['not even text', '\0'.repeat(1000), 'not_a_playlist'],
  ['nothing', '', 'not_a_playlist'],
  [
    'a poisoned group',
    '#EXTM3U\n#EXT-X-MEDIA:TYPE=__proto__,GROUP-ID="__proto__",NAME="x"\n',
    'not_a_playlist',
  ],
  [
    'numbers that are none',
    '#EXTM3U\n#EXT-X-TARGETDURATION:1e999\n#EXTINF:-5,\na.ts\n',
    'source_not_found',
  ],
  [
    'a sequence out of all bounds',
    '#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:99999999999999999999\n#EXTINF:1,\na.ts\n',
    'source_not_found',
  ],
  [
    'addresses that are not the web',
    '#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile:///etc/passwd\n',
    'playlist_unreadable',
  ],
  ['lines without end', `#EXTM3U\n${'#EXTINF:1,\na.ts\n'.repeat(60_000)}`, 'playlist_too_large'],
]

describe('a playlist that misbehaves', () => {
  it('F01 is reloaded at its pace while it stands still, and goes on within a target duration', async () => {
    const { origin, addStream, record, recorder } = await setUp()
    const stream = addStream('live')
    stream.advance(3)
    const { recording, untilSegments } = await record(origin.urlOf(stream))
    await untilSegments(3)
    const before = origin.requests.length
    await waitUntil({
      what: 'the stall',
      check: () => recorder.status(recording.id)?.state === 'stalled',
    })
    const reloads = origin.requests.slice(before).filter(({ kind }) => kind === 'playlist')
    expect(reloads.length).toBeGreaterThanOrEqual(4)
    // Half a target duration each (RFC 8216 6.3.4), but for what one at the edges comes late.
    const spanMs = (reloads.at(-1)?.atMs ?? 0) - (reloads[0]?.atMs ?? 0)
    expect(spanMs / (reloads.length - 1)).toBeGreaterThan(400)
    stream.advance(1)
    await untilSegments(4)
    await waitUntil({
      what: 'the end of the stall',
      check: () => recorder.status(recording.id)?.state === 'recording',
    })
    expect((await storedOf(recording)).gaps).toEqual([])
  })

  it('F09 F16 F25 is waited out, whatever it answers, and loses nothing', async () => {
    const { origin, addStream, record, recorder } = await setUp()
    const stream = addStream('live')
    stream.advance(3)
    const { recording, untilSegments } = await record(origin.urlOf(stream))
    await untilSegments(3)
    const codeOf = () => recorder.status(recording.id)?.reason?.cause?.code
    const faults = [
      ['source_not_found', { kind: 'status', status: 404 }],
      ['not_a_playlist', { kind: 'html' }],
      ['source_http_error', { kind: 'status', status: 429, headers: { 'retry-after': '1' } }],
    ] as const
    for (const [code, fault] of faults) {
      const end = origin.addFault({ kind: 'playlist', fault })
      stream.advance(1)
      await waitUntil({ what: code, check: () => codeOf() === code })
      const refusedAtMs = origin.requests.at(-1)?.atMs ?? 0
      end()
      const before = origin.requests.length
      await untilSegments(stream.nextMediaSequence)
      if (code === 'source_http_error') {
        expect((origin.requests[before]?.atMs ?? 0) - refusedAtMs).toBeGreaterThan(950)
      }
    }
    const { numbers, gaps } = await storedOf(recording)
    expect(numbers).toEqual([0, 1, 2, 3, 4, 5])
    expect(gaps).toEqual([])
  })

  it('F19 that leads to another port each time is asked for where it was, and its segments where it is', async () => {
    const { media } = await readMedia({ kind: 'ts' })
    const front = await startOrigin()
    const edges = [await startOrigin(), await startOrigin()]
    const streams = edges.map((edge) => edge.addStream({ media, windowSize: 6 }))
    const advance = () => {
      for (const stream of streams) stream.advance(1)
    }
    const { record } = await openTestRecorder()
    let turn = 0
    for (const [at, edge] of edges.entries()) {
      const location = `${edge.url}/live/index.m3u8`
      const fault = { kind: 'redirect' as const, location }
      front.addFault({ path: '/index.m3u8', when: () => turn % edges.length === at, fault })
    }
    front.serve('/index.m3u8', 'never seen', 'text/plain')
    advance()
    const { recording, untilSegments } = await record(`${front.url}/index.m3u8`)
    for (let count = 1; count <= 4; count += 1) {
      await untilSegments(count)
      turn += 1
      advance()
    }
    await untilSegments(5)
    const { numbers, gaps } = await storedOf(recording)
    expect(numbers).toEqual([0, 1, 2, 3, 4])
    expect(gaps).toEqual([])
    for (const edge of edges) {
      expect(edge.requests.filter(({ kind }) => kind === 'segment').length).toBeGreaterThan(0)
    }
    expect(front.requests.every(({ path }) => path === '/index.m3u8')).toBe(true)
  })

  it('F20 that goes round in circles is told with the chain, and tried again', async () => {
    const { origin, addStream, record, recorder } = await setUp()
    const stream = addStream('live')
    stream.advance(2)
    const { recording, untilSegments } = await record(origin.urlOf(stream))
    await untilSegments(2)
    const fault = { kind: 'redirect' as const, location: '/live/index.m3u8' }
    origin.addFault({ kind: 'playlist', fault })
    const status = await waitUntil({
      what: 'the cause, and a next try that is still to come',
      check: () => {
        const { state, reason } = recorder.status(recording.id) ?? {}
        const { cause, nextTryMs = 0 } = reason ?? {}
        return cause !== undefined && nextTryMs > Date.now() && { state, cause }
      },
    })
    expect(status.cause.code).toBe('redirect_refused')
    expect(status.cause.message).toContain('/live/index.m3u8')
    expect(['recording', 'stalled']).toContain(status.state)
  })

  it('F54 hostile playlists are reported by their own stream, and the rest go on', async () => {
    const { origin, addStream, record, recorder } = await setUp()
    const good = addStream('good')
    const bad = addStream('bad')
    good.advance(2)
    bad.advance(2)
    const healthy = await record(origin.urlOf(good))
    const troubled = await record(origin.urlOf(bad))
    await healthy.untilSegments(2)
    await troubled.untilSegments(2)
    const told = () => recorder.status(troubled.recording.id)?.reason
    const untilTold = async (code: ErrorCode) => {
      const reason = await waitUntil({
        what: `the cause ${code}`,
        check: () => {
          const now = told()
          return now?.cause?.code === code && now
        },
      })
      expect(reason.nextTryMs).toEqual(expect.any(Number))
    }
    for (const [what, body, code] of hostilePlaylists) {
      const end = origin.addFault({ path: bad.path, fault: { kind: 'body', body } })
      good.advance(1)
      await healthy.untilSegments(good.nextMediaSequence)
      await untilTold(code)
      end()
      bad.advance(1)
      await waitUntil({
        what: `the stream to go on after ${what}`,
        check: () => told()?.cause === undefined,
      })
    }
    const endless = `#EXTM3U\n#EXTINF:1,${'x'.repeat(6 * 1024 * 1024)}\na.ts\n`
    origin.addFault({ path: bad.path, fault: { kind: 'body', body: endless } })
    await untilTold('too_large')
    good.advance(1)
    await healthy.untilSegments(good.nextMediaSequence)
    const { numbers, gaps } = await storedOf(healthy.recording)
    expect(numbers).toEqual(Array.from({ length: good.nextMediaSequence }, (_, at) => at))
    expect(gaps).toEqual([])
    expect(Object.keys(Object.prototype)).toEqual([])
  })
})

/** A picture with its sound beside it. @returns `advance` makes segments of both. */
function addPictureAndSound({
  origin,
  addStream,
}: Pick<Awaited<ReturnType<typeof setUp>>, 'origin' | 'addStream'>) {
  const streams = [addStream('video'), addStream('audio')]
  origin.serve(
    '/main.m3u8',
    [
      '#EXTM3U',
      '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="s",NAME="English",LANGUAGE="en",DEFAULT=YES,URI="audio/index.m3u8"',
      '#EXT-X-STREAM-INF:BANDWIDTH=400000,RESOLUTION=320x180,CODECS="avc1.42c00d,mp4a.40.2",AUDIO="s"',
      'video/index.m3u8',
      '',
    ].join('\n'),
    'application/vnd.apple.mpegurl',
  )
  const advance = (count: number) => {
    for (const stream of streams) stream.advance(count)
  }
  return { advance, url: `${origin.url}/main.m3u8` }
}

describe('separate audio that loses segments', () => {
  it.each([
    ['told by its dates', Date.UTC(2026, 0, 1)],
    ['told by equal numbers', undefined],
  ])('F24 has gaps of its own and stays beside its picture, %s', async (_how, zeroMs) => {
    const { origin, addStream, record } = await setUp(zeroMs)
    const { advance, url } = addPictureAndSound({ origin, addStream })
    for (const mediaSequence of [2, 3]) {
      const path = `/audio/0-${mediaSequence}.ts`
      origin.addFault({ path, fault: { kind: 'status', status: 404 } })
    }
    advance(2)
    const { recording, untilSegments } = await record(url)
    await untilSegments(2)
    advance(2)
    await untilSegments(4)
    await waitUntil({
      what: 'the sound before its gap',
      check: async () => (await storedOf(recording, 'a0')).numbers.at(-1) === 1,
    })
    // What was dropped leaves the window, and with it the hope for it.
    advance(4)
    const picture = await waitUntil({
      what: 'the picture',
      check: async () => {
        const stored = await storedOf(recording, 'v0')
        return stored.numbers.at(-1) === 7 && stored
      },
    })
    const sound = await waitUntil({
      what: 'the sound behind its gap',
      check: async () => {
        const stored = await storedOf(recording, 'a0')
        return stored.numbers.at(-1) === 7 && stored
      },
    })
    const missed = sound.gaps.flatMap(({ mediaSequence, count, cause }) =>
      Array.from({ length: count }, (_, at) => `${mediaSequence + at} ${cause}`),
    )
    expect(missed).toEqual(['2 not-found', '3 not-found'])
    expect(sound.numbers).toEqual([0, 1, 4, 5, 6, 7])
    expect(picture.gaps).toEqual([])
    expect(picture.numbers).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
    const startOf = (rows: typeof picture.segments, number: number) =>
      rows.find(({ mediaSequence }) => mediaSequence === number)?.startMs
    for (const number of sound.numbers) {
      expect(startOf(sound.segments, number)).toBe(startOf(picture.segments, number))
    }
  })
  it('that is dead for a while holds up no picture, and is recorded on when it comes back', async () => {
    const { origin, addStream, record, recorder } = await setUp(Date.UTC(2026, 0, 1))
    const { advance, url } = addPictureAndSound({ origin, addStream })
    advance(2)
    const { recording, untilSegments } = await record(url)
    await untilSegments(2)
    await waitUntil({
      what: 'the first sound',
      check: async () => (await storedOf(recording, 'a0')).numbers.length === 2,
    })
    const heal = origin.addFault({
      path: '/audio/index.m3u8',
      fault: { kind: 'status', status: 404 },
    })
    await waitUntil({
      what: 'the trouble to be told',
      check: () => recorder.status(recording.id)?.trackTroubles?.[0]?.track === 'a0',
    })
    for (let count = 3; count <= 10; count += 1) {
      advance(1)
      await untilSegments(count)
    }
    expect(recorder.status(recording.id)).toMatchObject({ state: 'recording' })
    expect(recorder.status(recording.id)?.reason?.cause).toBeUndefined()
    heal()
    const sound = await waitUntil({
      what: 'the sound behind its gap',
      check: async () => {
        const stored = await storedOf(recording, 'a0')
        return stored.numbers.at(-1) === 9 && stored
      },
    })
    expect(sound.numbers).toEqual([0, 1, 6, 7, 8, 9])
    expect(sound.gaps).toMatchObject([{ mediaSequence: 2, count: 4, cause: 'not-found' }])
    const picture = await storedOf(recording)
    expect(picture.numbers).toEqual(Array.from({ length: 10 }, (_, number) => number))
    expect(picture.gaps).toEqual([])
    await waitUntil({
      what: 'the trouble to be over',
      check: () => recorder.status(recording.id)?.trackTroubles === undefined,
    })
  })
})
