import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createHttpClient } from '../../src-main/fetch/http-client'
import { createPlaylistParser } from '../../src-main/hls/parse/worker-parser'
import { systemClock } from '../../src-main/ports/clock'
import { silentLogger } from '../../src-main/ports/logger'
import { createPreprocessor } from '../../src-main/preprocess/preprocessor'
import { createTools } from '../../src-main/preprocess/tools'
import { createRecorder } from '../../src-main/recorder/supervisor'
import { openLibrary } from '../../src-main/store/library'
import type { RecordingStore, Row, TrackStore } from '../../src-main/store/model'
import { testWorkerFile } from '../support/build-worker'
import { readMedia } from '../support/media'
import { createTempDir } from '../support/temp-dir'
import { startTestOrigin } from '../support/test-origin'
import { waitUntil } from '../support/wait-until'

/** The real parser, pre-processor and recorder over one library, and an origin whose playlists are the test's own texts. */
async function setUp() {
  const clock = systemClock
  const temp = createTempDir()
  const library = await openLibrary({ root: temp.dir, mode: 'write', clock, logger: silentLogger })
  const http = createHttpClient()
  const parser = createPlaylistParser({ workerFile: testWorkerFile })
  const shared = { http, parser, clock, random: Math.random, logger: silentLogger }
  const recorder = createRecorder({ ...shared, library, parallelDownloads: () => 3 })
  const preprocessor = createPreprocessor({
    ...shared,
    tools: createTools({ env: { PATH: '' } }),
    demo: { url: () => Promise.reject(new Error('no demo in this test')) },
  })
  const origin = await startTestOrigin()
  const { media } = await readMedia({ kind: 'ts' })
  const fmp4 = await readMedia({ kind: 'fmp4' })
  const close = async () => {
    await preprocessor.close()
    await recorder.close()
    await origin.stop()
    http.close()
    await parser.close()
    await library.close()
    await temp.remove()
  }
  return { library, recorder, preprocessor, origin, media, fmp4, close }
}

let world: Awaited<ReturnType<typeof setUp>>
beforeAll(async () => {
  world = await setUp()
})
afterAll(() => world.close())

const M3U8 = 'application/vnd.apple.mpegurl'

/** A folder of the origin with six segments of 1 s: `0.ts` … `5.ts`. */
function folder(name: string) {
  const { origin, media, recorder, library } = world
  const at = (file: string) => `/${name}/${file}`
  media.forEach(({ body }, n) => origin.serve(at(`${n}.ts`), body, 'video/mp2t'))
  return {
    url: (file: string) => `${origin.url}${at(file)}`,
    serve: (file: string, body: string | Uint8Array, type = M3U8) =>
      origin.serve(at(file), body, type),
    publish: (file: string, ...lines: readonly string[]) =>
      origin.serve(at(file), ['#EXTM3U', '#EXT-X-TARGETDURATION:1', ...lines].join('\n'), M3U8),
    /** What was asked for in this folder but playlists, as it was on the wire, without doubles. */
    asked: () => {
      const all = origin.requests.filter(({ path }) => path.startsWith(at('')))
      const targets = all
        .filter(({ kind }) => kind !== 'playlist')
        .map(({ target }) => target.slice(at('').length))
      return [...new Set(targets)]
    },
    requests: () => origin.requests.filter(({ path }) => path.startsWith(at(''))),
    async record(file: string): Promise<RecordingStore> {
      const recording = await library.create({
        title: name,
        sourceUrl: 'http://x/',
        state: 'recording',
        live: false,
      })
      const playlistUrl = `${origin.url}${at(file)}`
      const source = { playlistUrl, headers: {}, title: name, allowPrivateNetwork: true }
      recorder.start({ recording, quality: 'best', resolve: async () => source, source })
      return recording
    },
  }
}

const untilSegments = (recording: RecordingStore, count: number) =>
  waitUntil({
    what: `${count} stored segments`,
    check: () => recording.figures.segments >= count,
  })
const untilOver = (recording: RecordingStore) =>
  waitUntil({
    what: 'the recording to end by itself',
    check: () => world.recorder.status(recording.id) === undefined,
  })

async function trackOf(recording: RecordingStore): Promise<TrackStore> {
  const [track] = await recording.tracks()
  if (track === undefined) throw new Error('the recording has no track')
  return track
}
async function rowsOf(recording: RecordingStore): Promise<readonly Row[]> {
  const { index } = await trackOf(recording)
  return Array.from({ length: index.length }, (_, position) => index.rowAt(position))
}
const numbersOf = (rows: readonly Row[]) =>
  rows.flatMap((row) => (row.kind === 'segment' ? [row.mediaSequence] : []))

const segment = (n: number, query = '') => ['#EXTINF:1,', `${n}.ts${query}`]
const segments = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => segment(from + i)).flat()
const END = '#EXT-X-ENDLIST'

describe('addresses', () => {
  it('EXT-X-DEFINE: variables from NAME, QUERYPARAM and IMPORT reach the wire', async () => {
    const { publish, serve, record, asked } = folder('define')
    serve(
      'main.m3u8',
      [
        '#EXTM3U',
        '#EXT-X-DEFINE:NAME="token",VALUE="sig=a%2Fb+c$&e="',
        '#EXT-X-DEFINE:QUERYPARAM="session"',
        '#EXT-X-STREAM-INF:BANDWIDTH=1000000',
        'media.m3u8?who={$session}&{$token}',
      ].join('\n'),
    )
    publish(
      'media.m3u8',
      '#EXT-X-DEFINE:IMPORT="token"',
      '#EXT-X-DEFINE:QUERYPARAM="who"',
      ...segment(0, '?{$token}'),
      ...segment(1, '?{$who}/{$who}'),
      END,
    )
    const recording = await record('main.m3u8?session=s-1')
    await untilOver(recording)
    expect(recording.figures).toMatchObject({ segments: 2, gaps: 0 })
    expect(asked().toSorted()).toEqual(['0.ts?sig=a%2Fb+c$&e=', '1.ts?s-1/s-1'])
    const { requests } = world.origin
    expect(requests.map(({ target }) => target)).toContain(
      '/define/media.m3u8?who=s-1&sig=a%2Fb+c$&e=',
    )
  })

  it('queries and tokens are asked for exactly as the playlist has them', async () => {
    const { publish, serve, record, asked } = folder('signed')
    const queries = [
      '?sig=a%2Fb%2fc%3D&t=A+B==&e=&&r=1&r=2',
      '?acl=/*!/path/*~hmac=0|1^{x}[y];z:@$,()',
      '?bad=%zz%&u=https://x/../y/./z?q=1',
      '?',
    ]
    serve(
      'main.m3u8',
      '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nmedia.m3u8?Policy=eyJ_&Signature=a~b-c*%2B',
    )
    publish(
      'media.m3u8',
      ...queries.flatMap((query, n) => segment(n, query)),
      ...segment(4, '?a#b?c'),
      END,
    )
    const recording = await record('main.m3u8?hdnts=st=1~exp=2~acl=/*~hmac=ab|cd')
    await untilOver(recording)
    expect(asked().toSorted()).toEqual([
      ...queries.map((query, n) => `${n}.ts${query}`),
      // A fragment is for the client alone.
      '4.ts?a',
    ])
    const playlists = world.origin.requests.filter(({ path }) => /^\/signed\/.*m3u8$/.test(path))
    expect(playlists.map(({ target }) => target)).toEqual([
      '/signed/main.m3u8?hdnts=st=1~exp=2~acl=/*~hmac=ab|cd',
      '/signed/media.m3u8?Policy=eyJ_&Signature=a~b-c*%2B',
    ])
  })

  it('EXT-X-BYTERANGE: only the ranges are asked for, and stored', async () => {
    const { publish, serve, record, requests } = folder('ranges')
    const [first, second] = world.media
    if (first === undefined || second === undefined) throw new Error('two segments are needed')
    serve('all.ts', Buffer.concat([Buffer.alloc(188, 1), first.body, second.body]), 'video/mp2t')
    publish(
      'index.m3u8',
      '#EXTINF:1,',
      `#EXT-X-BYTERANGE:${first.body.length}@188`,
      'all.ts',
      '#EXTINF:1,',
      `#EXT-X-BYTERANGE:${second.body.length}`,
      'all.ts',
      END,
    )
    const recording = await record('index.m3u8')
    await untilOver(recording)
    const track = await trackOf(recording)
    const bodies = (await rowsOf(recording)).flatMap((row) =>
      row.kind === 'segment' ? [readFileSync(track.pathOf(row))] : [],
    )
    expect(bodies.map((body, n) => body.equals(world.media[n]?.body ?? Buffer.alloc(0)))).toEqual([
      true,
      true,
    ])
    expect(requests().every(({ path, headers }) => path.endsWith('.m3u8') || headers.range)).toBe(
      true,
    )
  })
})

describe('where a recording begins and ends', () => {
  it('EXT-X-START: a live recording begins where the source says', async () => {
    const { publish, record } = folder('start')
    publish('index.m3u8', '#EXT-X-START:TIME-OFFSET=-4.5', ...segments(0, 6))
    const recording = await record('index.m3u8')
    await untilSegments(recording, 5)
    await world.recorder.stop(recording.id)
    expect(numbersOf(await rowsOf(recording))).toEqual([1, 2, 3, 4, 5])
  })

  it('EXT-X-START of the multivariant playlist goes before that of the media playlist', async () => {
    const { publish, serve, record } = folder('start-of-all')
    serve(
      'main.m3u8',
      '#EXTM3U\n#EXT-X-START:TIME-OFFSET=0\n#EXT-X-STREAM-INF:BANDWIDTH=1\nmedia.m3u8',
    )
    publish('media.m3u8', '#EXT-X-START:TIME-OFFSET=-1', ...segments(0, 6))
    const recording = await record('main.m3u8')
    await untilSegments(recording, 6)
    await world.recorder.stop(recording.id)
    expect(numbersOf(await rowsOf(recording))).toEqual([0, 1, 2, 3, 4, 5])
  })

  it('EXT-X-PLAYLIST-TYPE EVENT: from the beginning, on while it grows, until EXT-X-ENDLIST', async () => {
    const { publish, record } = folder('event')
    const type = '#EXT-X-PLAYLIST-TYPE:EVENT'
    publish('index.m3u8', type, ...segments(0, 4))
    const recording = await record('index.m3u8')
    await untilSegments(recording, 4)
    expect(world.recorder.status(recording.id)?.live).toBe(true)
    publish('index.m3u8', type, ...segments(0, 6), END)
    await untilOver(recording)
    expect(numbersOf(await rowsOf(recording))).toEqual([0, 1, 2, 3, 4, 5])
    expect(recording.meta.state).toBe('stopped')
  })

  it('EXT-X-PLAYLIST-TYPE VOD: everything, and EXT-X-BITRATE does not matter', async () => {
    const { publish, record } = folder('vod')
    publish(
      'index.m3u8',
      '#EXT-X-PLAYLIST-TYPE:VOD',
      '#EXT-X-BITRATE:700',
      ...segments(0, 3),
      '#EXT-X-BITRATE:junk',
      ...segments(3, 6),
      END,
    )
    const recording = await record('index.m3u8')
    await untilOver(recording)
    expect(recording.figures).toMatchObject({ segments: 6, gaps: 0 })
    expect(recording.meta).toMatchObject({ state: 'stopped', live: false })
  })
})

describe('what stands between segments', () => {
  it('F07 EXT-X-GAP: never asked for, and a gap with its cause', async () => {
    const { publish, record, asked } = folder('gap')
    publish('index.m3u8', ...segment(0), '#EXT-X-GAP', ...segment(1), ...segment(2), END)
    const recording = await record('index.m3u8')
    await untilOver(recording)
    const rows = await rowsOf(recording)
    expect(rows.find((row) => row.kind === 'gap')).toMatchObject({
      mediaSequence: 1,
      cause: 'source-gap',
      count: 1,
    })
    expect(asked().toSorted()).toEqual(['0.ts', '2.ts'])
  })

  it('EXT-X-DISCONTINUITY and EXT-X-DISCONTINUITY-SEQUENCE are kept with the segments', async () => {
    const { publish, record } = folder('discontinuity')
    publish(
      'index.m3u8',
      '#EXT-X-DISCONTINUITY-SEQUENCE:7',
      ...segment(0),
      '#EXT-X-DISCONTINUITY',
      ...segment(1),
      ...segment(2),
      END,
    )
    const recording = await record('index.m3u8')
    await untilOver(recording)
    const rows = await rowsOf(recording)
    expect(
      rows.map((row) => (row.kind === 'segment' ? row.discontinuitySequence : row.kind)),
    ).toEqual(['discontinuity', 7, 'discontinuity', 8, 8])
    expect(rows[2]).toMatchObject({ reason: 'source', mediaSequence: 1 })
  })

  it('F21 EXT-X-MAP: each change is stored, and segments keep theirs', async () => {
    const { publish, serve, record } = folder('map')
    const { initSection, media } = world.fmp4
    if (initSection === undefined) throw new Error('fMP4 media have an initialization section')
    serve('a.mp4', initSection, 'video/mp4')
    // An empty box at the end: other bytes, the same meaning.
    const other = Buffer.concat([initSection, Buffer.of(0, 0, 0, 8), Buffer.from('free')])
    serve('b.mp4', Buffer.concat([Buffer.alloc(100), other]), 'video/mp4')
    media.forEach(({ body }, n) => serve(`${n}.m4s`, body, 'video/mp4'))
    const fragment = (n: number) => ['#EXTINF:1,', `${n}.m4s`]
    publish(
      'index.m3u8',
      '#EXT-X-MAP:URI="a.mp4"',
      ...fragment(0),
      ...fragment(1),
      '#EXT-X-DISCONTINUITY',
      `#EXT-X-MAP:URI="b.mp4",BYTERANGE="${other.length}@100"`,
      ...fragment(2),
      END,
    )
    const recording = await record('index.m3u8')
    await untilOver(recording)
    const track = await trackOf(recording)
    const rows = await rowsOf(recording)
    const inits = rows.flatMap((row) =>
      row.kind === 'init' ? [{ index: row.index, body: readFileSync(track.pathOf(row)) }] : [],
    )
    expect(inits.map(({ body }) => body.length)).toEqual([initSection.length, other.length])
    const [a, b] = inits.map(({ index }) => index)
    expect(rows.flatMap((row) => (row.kind === 'segment' ? [row.initIndex] : []))).toEqual([
      a,
      a,
      b,
    ])
  })

  it('EXT-X-PROGRAM-DATE-TIME: kept, counted on, and the clock of the epoch', async () => {
    const { publish, record } = folder('dates')
    const zeroMs = Date.parse('2026-03-01T10:00:00Z')
    publish(
      'index.m3u8',
      ...segment(0),
      '#EXT-X-PROGRAM-DATE-TIME:2026-03-01T11:00:01.000+01:00',
      ...segment(1),
      ...segment(2),
      '#EXT-X-DISCONTINUITY',
      '#EXT-X-PROGRAM-DATE-TIME:2026-03-01T10:05:00.000Z',
      ...segment(3),
      END,
    )
    const recording = await record('index.m3u8')
    await untilOver(recording)
    const rows = await rowsOf(recording)
    expect(rows[0]).toMatchObject({ reason: 'epoch', clock: 'source' })
    expect(rows.flatMap((row) => (row.kind === 'segment' ? [row.startMs - zeroMs] : []))).toEqual([
      0, 1000, 2000, 300_000,
    ])
  })

  it('without EXT-X-PROGRAM-DATE-TIME the time of arrival is the clock, and marked as such', async () => {
    const { publish, record } = folder('no-dates')
    publish('index.m3u8', ...segments(0, 3), END)
    const beforeMs = Date.now()
    const recording = await record('index.m3u8')
    await untilOver(recording)
    const rows = await rowsOf(recording)
    expect(rows[0]).toMatchObject({ reason: 'epoch', clock: 'arrival' })
    const starts = rows.flatMap((row) => (row.kind === 'segment' ? [row.startMs] : []))
    expect(starts.map((ms) => ms - (starts[0] ?? 0))).toEqual([0, 1000, 2000])
    expect(starts[0]).toBeGreaterThan(beforeMs - 60_000)
    expect(starts[0]).toBeLessThanOrEqual(Date.now())
  })
})

describe('I-frame playlists', () => {
  it('are not offered as variant streams', async () => {
    const { publish, serve, url } = folder('trick')
    publish('media.m3u8', ...segments(0, 2), END)
    serve(
      'main.m3u8',
      [
        '#EXTM3U',
        '#EXT-X-STREAM-INF:BANDWIDTH=900000,RESOLUTION=320x180',
        'media.m3u8',
        '#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=90000,RESOLUTION=1920x1080,URI="trick.m3u8"',
      ].join('\n'),
    )
    const { signal } = new AbortController()
    const probe = await world.preprocessor.probe(url('main.m3u8'), signal)
    expect(probe.variants).toEqual([
      { bandwidth: 900_000, codecs: '', resolution: { width: 320, height: 180 } },
    ])
    expect(world.origin.requests.some(({ path }) => path === '/trick/trick.m3u8')).toBe(false)
  })

  it('EXT-X-I-FRAMES-ONLY: one that is pasted is recorded as it is', async () => {
    const { publish, record } = folder('i-frames')
    publish(
      'index.m3u8',
      '#EXT-X-I-FRAMES-ONLY',
      '#EXTINF:1,',
      '#EXT-X-BYTERANGE:376@0',
      '0.ts',
      '#EXTINF:1,',
      '#EXT-X-BYTERANGE:564@188',
      '1.ts',
      END,
    )
    const recording = await record('index.m3u8')
    await untilOver(recording)
    const rows = await rowsOf(recording)
    expect(rows.flatMap((row) => (row.kind === 'segment' ? [row.bytes] : []))).toEqual([376, 564])
  })
})
