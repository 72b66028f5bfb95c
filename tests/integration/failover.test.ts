import { describe, expect, it, onTestFinished } from 'vitest'
import { readMedia } from '../support/media'
import { numbersOf, openTestRecorder, rowsOf, trackOf } from '../support/real-recorder'
import { startTestOrigin, type TestOrigin } from '../support/test-origin'
import type { Fault } from '../support/test-origin-faults'
import type { LiveStreamOptions } from '../support/test-origin-stream'
import { waitUntil } from '../support/wait-until'

/** One programme on two origins, each with a numbering of its own. */
async function startTwins(
  options: { numberOfB: number; kind?: 'ts' | 'fmp4' } & Partial<LiveStreamOptions>,
) {
  const { numberOfB, kind = 'ts', ...wishes } = options
  const made = await readMedia({ kind })
  const [a, b] = [await startTestOrigin(), await startTestOrigin()]
  onTestFinished(async () => {
    await a.stop()
    await b.stop()
  })
  const programDateTimeMs = Date.now() - 60_000
  const streamOf = (origin: TestOrigin, firstMediaSequence: number) =>
    origin.addStream({
      ...made,
      windowSize: 5,
      programDateTimeMs,
      firstMediaSequence,
      ...wishes,
    })
  const streams = [streamOf(a, 100), streamOf(b, numberOfB)]
  const advance = (count = 1) => {
    for (const stream of streams) stream.advance(count)
  }
  advance(3)
  const urls = [a, b].map((origin, at) => `${origin.url}${streams[at]?.path}`)
  return { a, b, urls, advance }
}

const variant = (url: string | undefined, attributes = '') =>
  `#EXT-X-STREAM-INF:BANDWIDTH=400000,RESOLUTION=320x180,CODECS="avc1.42c00d,mp4a.40.2"${attributes}\n${url}\n`

describe('redundant streams and pathways', () => {
  it.each([
    { what: 'the same numbers', numberOfB: 100 },
    { what: 'other numbers', numberOfB: 7000 },
  ])(
    'goes on with the other origin when one dies: 0 gaps, nothing twice ($what)',
    async ({ numberOfB }) => {
      const { a, urls, b, advance } = await startTwins({ numberOfB })
      // On a third place: the list itself outlives both.
      const lists = await startTestOrigin()
      onTestFinished(() => lists.stop())
      lists.serve(
        '/main.m3u8',
        `#EXTM3U\n${urls.map((url) => variant(url)).join('')}`,
        'text/plain',
      )
      const { record } = await openTestRecorder()
      const { recording, stop, untilSegments } = await record(`${lists.url}/main.m3u8`)
      await untilSegments(3)
      advance()
      await untilSegments(4)
      expect(b.requests).toEqual([])
      await a.stop()
      advance()
      await untilSegments(5)
      advance(2)
      await untilSegments(7)
      await stop()

      const track = await trackOf(recording)
      expect(numbersOf(track)).toEqual([100, 101, 102, 103, 104, 105, 106])
      expect(recording.figures.gaps).toBe(0)
      expect(new Set(rowsOf(track).map(({ epoch }) => epoch))).toEqual(new Set([0]))
    },
  )

  it('F11 goes on with the other origin when one takes requests and never answers: 0 gaps', async () => {
    const windowSize = 6
    const { a, b, urls, advance } = await startTwins({ numberOfB: 7000, windowSize })
    const lists = await startTestOrigin()
    onTestFinished(() => lists.stop())
    lists.serve('/main.m3u8', `#EXTM3U\n${urls.map((url) => variant(url)).join('')}`, 'text/plain')
    const { record } = await openTestRecorder()
    const { recording, stop, untilSegments } = await record(`${lists.url}/main.m3u8`)
    await untilSegments(3)
    const fault = { kind: 'silence' } as const
    for (const kind of ['playlist', 'segment'] as const) a.addFault({ kind, fault })
    advance()
    await waitUntil({
      what: 'the other origin to be asked',
      check: () => b.requests.some(({ kind }) => kind === 'playlist'),
    })
    advance(windowSize - 2)
    await untilSegments(3 + windowSize - 1)
    await stop()

    const track = await trackOf(recording)
    expect(numbersOf(track)).toEqual([100, 101, 102, 103, 104, 105, 106, 107])
    expect(recording.figures.gaps).toBe(0)
  })

  it.each<[string, 'init' | 'key' | 'segment', Fault]>([
    ['a key', 'key', { kind: 'silence' }],
    ['an initialization section', 'init', { kind: 'silence' }],
    ['the middle of a segment', 'segment', { kind: 'hang', afterBytes: 1000 }],
  ])('F11 goes on with the other origin when one hangs at %s', async (_what, kind, fault) => {
    const windowSize = 6
    const media = kind === 'init' ? { kind: 'fmp4' as const } : {}
    const encrypted = kind === 'key' ? { rotateKeyEvery: 100 } : {}
    const twins = await startTwins({ numberOfB: 7000, windowSize, ...media, ...encrypted })
    const { a, b, urls } = twins
    const lists = await startTestOrigin()
    onTestFinished(() => lists.stop())
    lists.serve('/main.m3u8', `#EXTM3U\n${urls.map((url) => variant(url)).join('')}`, 'text/plain')
    a.addFault({ kind, fault })
    const { record } = await openTestRecorder()
    const sinceMs = performance.now()
    const { recording, stop, untilSegments } = await record(`${lists.url}/main.m3u8`)
    await untilSegments(3)
    // What the source would have listed meanwhile.
    expect(performance.now() - sinceMs).toBeLessThan(windowSize * 2000)
    await stop()
    expect(recording.figures.gaps).toBe(0)
    expect(b.requests.some((request) => request.kind === kind)).toBe(true)
  })

  it('moves to the pathway that the steering server prefers: 0 gaps, nothing twice', async () => {
    const { a, b, urls, advance } = await startTwins({ numberOfB: 500 })
    const steer = (priority: readonly string[]) =>
      a.serve(
        '/steer.json',
        JSON.stringify({ VERSION: 1, TTL: 5, 'PATHWAY-PRIORITY': priority }),
        'application/json',
      )
    steer(['A', 'B'])
    const list = [
      '#EXTM3U\n#EXT-X-CONTENT-STEERING:SERVER-URI="steer.json?id=1",PATHWAY-ID="A"\n',
      variant(urls[0], ',PATHWAY-ID="A"'),
      variant(urls[1], ',PATHWAY-ID="B"'),
    ]
    a.serve('/main.m3u8', list.join(''), 'text/plain')
    const { record } = await openTestRecorder()
    const { recording, stop, untilSegments } = await record(`${a.url}/main.m3u8`)
    await untilSegments(3)
    steer(['B', 'A'])
    await waitUntil({
      what: 'the other origin to be asked',
      check: () => b.requests.some(({ kind }) => kind === 'playlist'),
    })
    advance(2)
    await untilSegments(5)
    await stop()

    const track = await trackOf(recording)
    expect(numbersOf(track)).toEqual([100, 101, 102, 103, 104])
    expect(recording.figures.gaps).toBe(0)
    const [first] = a.requests.filter(({ path }) => path === '/steer.json')
    expect(first?.query).toContain('?id=1&_HLS_pathway=A')
  })
})
