import { readFileSync } from 'node:fs'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createHttpClient } from '../../src-main/fetch/http-client'
import { createPlaylistParser } from '../../src-main/hls/parse/worker-parser'
import { systemClock } from '../../src-main/ports/clock'
import { silentLogger } from '../../src-main/ports/logger'
import { createPreprocessor } from '../../src-main/preprocess/preprocessor'
import { createTools } from '../../src-main/preprocess/tools'
import { testWorkerFile } from '../support/build-worker'
import { END, openFolder, segment, segments } from '../support/playlist-folder'
import { numbersOf, rowsOf, trackOf } from '../support/real-recorder'

describe('addresses', () => {
  it('EXT-X-DEFINE: variables from NAME, QUERYPARAM and IMPORT reach the wire', async () => {
    const { publish, serve, record, asked, requests } = await openFolder('define')
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
    const { recording, untilOver } = await record('main.m3u8?session=s-1')
    await untilOver()
    expect(recording.figures).toMatchObject({ segments: 2, gaps: 0 })
    expect(asked()).toEqual(['0.ts?sig=a%2Fb+c$&e=', '1.ts?s-1/s-1'])
    expect(requests.map(({ target }) => target)).toContain(
      '/define/media.m3u8?who=s-1&sig=a%2Fb+c$&e=',
    )
  })

  it('queries and tokens are asked for exactly as the playlist has them', async () => {
    const { publish, serve, record, asked, requests } = await openFolder('signed')
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
    const { untilOver } = await record('main.m3u8?hdnts=st=1~exp=2~acl=/*~hmac=ab|cd')
    await untilOver()
    expect(asked()).toEqual([
      ...queries.map((query, n) => `${n}.ts${query}`),
      // A fragment is for the client alone.
      '4.ts?a',
    ])
    const playlists = requests.filter(({ kind }) => kind === 'playlist')
    expect(playlists.map(({ target }) => target)).toEqual([
      '/signed/main.m3u8?hdnts=st=1~exp=2~acl=/*~hmac=ab|cd',
      '/signed/media.m3u8?Policy=eyJ_&Signature=a~b-c*%2B',
    ])
  })

  it('EXT-X-BYTERANGE: only the ranges are asked for, and stored', async () => {
    const { media, publish, serve, record, requests } = await openFolder('ranges')
    const [first, second] = media
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
    const { recording, untilOver } = await record('index.m3u8')
    await untilOver()
    const track = await trackOf(recording)
    const bodies = rowsOf(await trackOf(recording)).flatMap((row) =>
      row.kind === 'segment' ? [readFileSync(track.pathOf(row))] : [],
    )
    expect(bodies.map((body, n) => body.equals(media[n]?.body ?? Buffer.alloc(0)))).toEqual([
      true,
      true,
    ])
    expect(requests.every(({ path, headers }) => path.endsWith('.m3u8') || headers.range)).toBe(
      true,
    )
  })
})

describe('where a recording begins and ends', () => {
  it('EXT-X-START: a live recording begins where the source says', async () => {
    const { publish, record } = await openFolder('start')
    publish('index.m3u8', '#EXT-X-START:TIME-OFFSET=-4.5', ...segments(0, 6))
    const { recording, stop, untilSegments } = await record('index.m3u8')
    await untilSegments(5)
    await stop()
    expect(numbersOf(await trackOf(recording))).toEqual([1, 2, 3, 4, 5])
  })

  it('EXT-X-START of the multivariant playlist goes before that of the media playlist', async () => {
    const { publish, serve, record } = await openFolder('start-of-all')
    serve(
      'main.m3u8',
      '#EXTM3U\n#EXT-X-START:TIME-OFFSET=0\n#EXT-X-STREAM-INF:BANDWIDTH=1\nmedia.m3u8',
    )
    publish('media.m3u8', '#EXT-X-START:TIME-OFFSET=-1', ...segments(0, 6))
    const { recording, stop, untilSegments } = await record('main.m3u8')
    await untilSegments(6)
    await stop()
    expect(numbersOf(await trackOf(recording))).toEqual([0, 1, 2, 3, 4, 5])
  })

  it('EXT-X-PLAYLIST-TYPE EVENT: from the beginning, on while it grows, until EXT-X-ENDLIST', async () => {
    const { publish, record } = await openFolder('event')
    const type = '#EXT-X-PLAYLIST-TYPE:EVENT'
    publish('index.m3u8', type, ...segments(0, 4))
    const { recording, isLive, untilOver, untilSegments } = await record('index.m3u8')
    await untilSegments(4)
    expect(isLive()).toBe(true)
    publish('index.m3u8', type, ...segments(0, 6), END)
    await untilOver()
    expect(numbersOf(await trackOf(recording))).toEqual([0, 1, 2, 3, 4, 5])
    expect(recording.meta.state).toBe('stopped')
  })

  it('EXT-X-PLAYLIST-TYPE VOD: everything, and EXT-X-BITRATE does not matter', async () => {
    const { publish, record } = await openFolder('vod')
    publish(
      'index.m3u8',
      '#EXT-X-PLAYLIST-TYPE:VOD',
      '#EXT-X-BITRATE:700',
      ...segments(0, 3),
      '#EXT-X-BITRATE:junk',
      ...segments(3, 6),
      END,
    )
    const { recording, untilOver } = await record('index.m3u8')
    await untilOver()
    expect(recording.figures).toMatchObject({ segments: 6, gaps: 0 })
    expect(recording.meta).toMatchObject({ state: 'stopped', live: false })
  })
})

describe('I-frame playlists', () => {
  function openPreprocessor() {
    const http = createHttpClient()
    const parser = createPlaylistParser({ workerFile: testWorkerFile })
    const preprocessor = createPreprocessor({
      http,
      parser,
      clock: systemClock,
      random: Math.random,
      logger: silentLogger,
      tools: createTools({ env: { PATH: '' } }),
      demo: { url: () => Promise.reject(new Error('no demo in this test')) },
    })
    onTestFinished(async () => {
      await preprocessor.close()
      http.close()
      await parser.close()
    })
    return preprocessor
  }

  it('are not offered as variant streams', async () => {
    const { publish, serve, url, requests } = await openFolder('trick')
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
    const probe = await openPreprocessor().probe(url('main.m3u8'), signal)
    expect(probe.variants).toEqual([
      { bandwidth: 900_000, codecs: '', resolution: { width: 320, height: 180 } },
    ])
    expect(requests.some(({ path }) => path === '/trick/trick.m3u8')).toBe(false)
  })

  it('EXT-X-I-FRAMES-ONLY: one that is pasted is recorded as it is', async () => {
    const { publish, record } = await openFolder('i-frames')
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
    const { recording, untilOver } = await record('index.m3u8')
    await untilOver()
    const rows = rowsOf(await trackOf(recording))
    expect(rows.flatMap((row) => (row.kind === 'segment' ? [row.bytes] : []))).toEqual([376, 564])
  })
})
