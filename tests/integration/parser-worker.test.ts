import path from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { PlaylistParser } from '../../src-main/hls/parser'
import { createPlaylistParser } from '../../src-main/hls/parse/worker-parser'
import { testWorkerFile } from '../support/build-worker'

const URL_ = 'https://h.example/p.m3u8'
const GOOD = '#EXTM3U\n#EXT-X-TARGETDURATION:6\n#EXTINF:6,\na.ts\n'
/** The trimming pattern of m3u8-parser takes quadratic time on it. */
const SLOW = `#EXTM3U\n#EXT-X-STREAM-INF:CODECS="x${' '.repeat(400_000)}x"\nv.m3u8`

const open: PlaylistParser[] = []
const startParser = (timeoutMs?: number): PlaylistParser => {
  const parser = createPlaylistParser({
    workerFile: testWorkerFile,
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  })
  open.push(parser)
  return parser
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((parser) => parser.close()))
})

const codeOf = async (parsing: Promise<unknown>): Promise<unknown> =>
  parsing.then(
    () => 'ok',
    (error: { code?: unknown }) => error.code,
  )

describe('the parser thread', () => {
  it('gives playlists back as plain values', async () => {
    const text = `${GOOD}#EXT-X-KEY:METHOD=AES-128,URI="k",IV=0x1\n#EXTINF:6,\nb.ts\n#EXTINF:6,\nc.ts`
    const playlist = await startParser().parse(text, URL_)
    if (playlist.kind !== 'media') throw new Error('expected a media playlist')
    expect(playlist.segments.map((s) => s.uri)).toEqual([
      'https://h.example/a.ts',
      'https://h.example/b.ts',
      'https://h.example/c.ts',
    ])
    expect(playlist.segments[1]?.key?.iv).toEqual(Uint8Array.from([...Array(15).fill(0), 1]))
    expect(playlist.segments[2]?.key).toBe(playlist.segments[1]?.key)
  })

  it('F16 passes failures on with their code, sentence and hint', async () => {
    await expect(startParser().parse('<html>', URL_)).rejects.toMatchObject({
      name: 'VsrError',
      code: 'not_a_playlist',
      message: expect.stringContaining('not an HLS playlist') as string,
      hint: expect.any(String) as string,
    })
  })

  it('S21 a poisonous list changes nothing here, and the next one is read right', async () => {
    const parser = startParser()
    const before = Object.getOwnPropertyNames(Object.prototype).toSorted()
    for (const line of [
      '#EXT-X-MEDIA:TYPE=__proto__,GROUP-ID="uri",NAME="x"',
      '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="__proto__",NAME="attributes"',
      '#EXT-X-DATERANGE:ID="__proto__",START-DATE="2026-01-01T00:00:00Z"\n#EXT-X-DATERANGE:ID="__proto__",X-A="1"',
    ]) {
      await codeOf(parser.parse(`#EXTM3U\n${line}\n#EXTINF:1,\na.ts`, URL_))
      expect(Object.getOwnPropertyNames(Object.prototype).toSorted()).toEqual(before)
      const next = await parser.parse(GOOD, URL_)
      expect(next).toMatchObject({ kind: 'media', segments: [{ uri: 'https://h.example/a.ts' }] })
    }
  })

  it('S22 refuses what is too large before the thread sees it', async () => {
    const parser = startParser()
    expect(await codeOf(parser.parse(GOOD + '#'.repeat(5_000_001), URL_))).toBe(
      'playlist_too_large',
    )
    const manySegments = '#EXTINF:6,\na.ts\n'.repeat(25_001)
    expect(await codeOf(parser.parse(GOOD + manySegments, URL_))).toBe('playlist_too_large')
  })

  it('S22 F54 a list that runs away costs only itself, and this thread stays responsive', async () => {
    const parser = startParser(1000)
    await parser.parse(GOOD, URL_)
    let turns = 0
    const turning = setInterval(() => (turns += 1), 5)
    const results = await Promise.all([
      codeOf(parser.parse(SLOW, URL_)),
      codeOf(parser.parse(GOOD, URL_)),
      codeOf(parser.parse('nothing', URL_)),
      codeOf(parser.parse(GOOD, URL_)),
    ])
    clearInterval(turning)
    expect(results).toEqual(['playlist_unreadable', 'ok', 'not_a_playlist', 'ok'])
    // In the second that the list was given: this thread did other things.
    expect(turns).toBeGreaterThan(10)
  })

  it('reads a day of segments within its time', async () => {
    const text = `#EXTM3U\n#EXT-X-TARGETDURATION:4\n${'#EXTINF:4,\nseg.ts?token=abc\n'.repeat(21_600)}`
    const playlist = await startParser().parse(text, URL_)
    expect(playlist).toMatchObject({ kind: 'media' })
    expect(playlist.kind === 'media' && playlist.segments.length).toBe(21_600)
  })

  it('says so when the thread cannot start', async () => {
    const parser = createPlaylistParser({ workerFile: path.join(testWorkerFile, 'missing.mjs') })
    open.push(parser)
    expect(await codeOf(parser.parse(GOOD, URL_))).toBe('internal')
    expect(await codeOf(parser.parse(GOOD, URL_))).toBe('internal')
  })

  it('ends what is under way when it is closed, as often as one likes', async () => {
    const parser = startParser(60_000)
    const results = [SLOW, GOOD].map((text) => codeOf(parser.parse(text, URL_)))
    await parser.close()
    await parser.close()
    expect(await Promise.all(results)).toEqual(['cancelled', 'cancelled'])
    expect(await codeOf(parser.parse(GOOD, URL_))).toBe('cancelled')
  })
})
