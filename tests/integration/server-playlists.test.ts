import { describe, expect, it } from 'vitest'
import { runProcess } from '../support/processes'
import { addFfmpegTrack, SAMPLE_START_MS } from '../support/sample-library'
import { startTestServer, TEST_TOKEN } from '../support/test-server'
import { toolPath } from '../support/tools'

const START_SEC = SAMPLE_START_MS / 1000
const uris = (text: string) =>
  text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))

/** What ffprobe makes of a playlist: seconds and kinds of streams. */
async function probe(url: string): Promise<{ durationSec: number; kinds: string[] }> {
  const run = await runProcess({
    command: toolPath('ffprobe'),
    args: ['-v', 'error', '-of', 'json', '-show_entries', 'format=duration:stream=codec_type', url],
  })
  expect(run.stderr).toBe('')
  const report = JSON.parse(run.stdout) as {
    format?: { duration?: string }
    streams?: { codec_type: string }[]
  }
  return {
    durationSec: Number(report.format?.duration ?? 0),
    kinds: (report.streams ?? []).map(({ codec_type }) => codec_type).toSorted(),
  }
}

/** Decodes everything behind a URL and counts the video frames. */
async function countFrames(url: string): Promise<number> {
  const args = `-v error -nostdin -i ${url} -map 0:v:0 -f null -progress pipe:1 -`.split(' ')
  const run = await runProcess({ command: toolPath('ffmpeg'), args })
  expect(run.stderr).toBe('')
  return Number(
    run.stdout
      .match(/frame=\s*(\d+)/g)
      ?.at(-1)
      ?.replace(/\D/g, '') ?? 0,
  )
}

describe('playlists for real players', () => {
  it.each(['ts', 'fmp4'] as const)(
    'plays a stopped %s recording whole, in part and at its end',
    async (kind) => {
      const { library, origin } = await startTestServer()
      await addFfmpegTrack({ recording: library.add(), kind })
      const url = (tail: string) => `${origin}${tail}token=${TEST_TOKEN}`

      const whole = await probe(url('/live/stream.m3u8?dvr=1&'))
      expect(whole).toEqual({ durationSec: expect.closeTo(6, 1), kinds: ['audio', 'video'] })
      expect(await countFrames(url('/live/stream.m3u8?dvr=1&'))).toBe(150)

      const end = await probe(url('/live/stream.m3u8?'))
      expect(end.durationSec).toBeCloseTo(5, 1)

      // [1.5, 3.5) touches the segments of the seconds 1, 2 and 3.
      const part = url(`/start/${SAMPLE_START_MS + 1500}/2/vod.m3u8?`)
      expect((await probe(part)).durationSec).toBeCloseTo(3, 1)
      expect(await countFrames(part)).toBe(75)
    },
  )

  it('plays a recording with separate audio through a multivariant playlist', async () => {
    const { library, origin, get } = await startTestServer()
    const recording = library.add()
    await addFfmpegTrack({ recording, kind: 'ts', info: { bandwidth: 300_000 } })
    await addFfmpegTrack({
      recording,
      kind: 'ts',
      info: { id: 'a0', kind: 'audio', language: 'en' },
    })
    const tail = `/recordings/${recording.id}/start/${START_SEC}/3/vod.m3u8`
    const text = await (await get(tail)).text()
    expect(text).toContain('BANDWIDTH=300000')
    expect(text).toContain('LANGUAGE="en"')
    expect(uris(text)).toEqual(['vod.m3u8?track=v0'])
    const report = await probe(`${origin}${tail}?token=${TEST_TOKEN}`)
    expect(report.durationSec).toBeCloseTo(3, 1)
    const track = await (await get(`${tail}?track=a0`)).text()
    expect(uris(track)).toHaveLength(3)
    expect((await get(`${tail}?track=a7`)).status).toBe(404)
  })
})

describe('playlists', () => {
  it('shows the last 5 segments of a running recording, and all of it with dvr=1', async () => {
    const { library, get } = await startTestServer()
    const recording = library.add({ state: 'recording' })
    const track = recording.sampleTrack()
    for (let count = 0; count < 9; count += 1) track.segment()
    const live = await (await get('/live/stream.m3u8')).text()
    expect(uris(live)).toEqual([4, 5, 6, 7, 8].map((index) => `sample000001-v0-${index}.ts`))
    expect(live).toContain('#EXT-X-MEDIA-SEQUENCE:4\n')
    expect(live).not.toMatch(/ENDLIST|PLAYLIST-TYPE/)

    const [own = ''] = uris(await (await get('/live/stream.m3u8?dvr=1')).text())
    const before = await (await get(`/live/${own}`)).text()
    expect(before).toContain('#EXT-X-PLAYLIST-TYPE:EVENT\n')
    track.segment()
    const after = await (await get(`/live/${own}`)).text()
    expect(after.startsWith(before)).toBe(true)
    expect(uris(after)).toHaveLength(10)

    await recording.update({ state: 'stopped' })
    const vod = await (await get('/live/stream.m3u8?dvr=1')).text()
    expect(vod).toContain('#EXT-X-PLAYLIST-TYPE:VOD\n')
    expect(vod).toMatch(/#EXT-X-ENDLIST\n$/)
    expect(await (await get('/live/stream.m3u8')).text()).toMatch(/#EXT-X-ENDLIST\n$/)
  })

  it('grows from an instant up to now', async () => {
    const { library, get } = await startTestServer()
    const recording = library.add({ state: 'recording' })
    const track = recording.sampleTrack()
    for (let count = 0; count < 4; count += 1) track.segment()
    const folder = `/start/${START_SEC + 9}/now/`
    const [own = ''] = uris(await (await get(`${folder}vod.m3u8`)).text())
    const tail = folder + own
    const before = await (await get(tail)).text()
    expect(uris(before)).toEqual([
      '../../../live/sample000001-v0-2.ts',
      '../../../live/sample000001-v0-3.ts',
    ])
    expect(before).toContain('PLAYLIST-TYPE:EVENT')
    track.segment()
    expect(uris(await (await get(tail)).text())).toHaveLength(3)
    await recording.update({ state: 'stopped' })
    expect(await (await get(tail)).text()).toContain('PLAYLIST-TYPE:VOD')
  })

  it('shows what came late to players that begin afterwards, and says nothing else to those that have begun', async () => {
    const { library, get } = await startTestServer()
    const recording = library.add({ state: 'recording' })
    const track = recording.sampleTrack()
    track.segment()
    const gap = track.gap({ count: 1, durationSec: 4 })
    for (let count = 0; count < 2; count += 1) track.segment()
    const read = async (tail: string) => (await get(tail)).text()
    const begin = async () => `/live/${uris(await read('/live/stream.m3u8?dvr=1'))[0]}`
    const indexes = (text: string) => uris(text).map((uri) => Number(/(\d+)\.ts$/.exec(uri)?.[1]))

    const early = await begin()
    const edge = await read('/live/stream.m3u8')
    const before = await read(early)
    expect(indexes(before)).toEqual([0, 2, 3])
    track.late(gap)
    expect(await read(early)).toBe(before)
    expect(await read('/live/stream.m3u8')).toBe(edge)
    const since = await begin()
    const after = await read(since)
    expect(indexes(after)).toEqual([0, 1, 2, 3])
    expect(after).not.toMatch(/DISCONTINUITY\n|vsr\.gap/)
    track.segment()
    expect((await read(early)).startsWith(before)).toBe(true)
    expect((await read(since)).startsWith(after)).toBe(true)
    expect(indexes(await read(`/start/${START_SEC}/12/vod.m3u8`))).toEqual([0, 1, 2])

    await recording.update({ state: 'stopped' })
    expect(indexes(await read('/live/stream.m3u8?dvr=1'))).toEqual([0, 1, 2, 3, 4])
    expect(await read(early)).toContain('vsr.gap')
    expect(indexes(await read(early))).toEqual([0, 2, 3, 4])
  })

  it('chooses the named recording, else one with footage in the span, else the newest', async () => {
    const { library, get } = await startTestServer()
    library.add({ id: 'older0000001' }).sampleTrack().segment()
    library
      .add({ id: 'newer0000001' })
      .sampleTrack()
      .segment({ startMs: SAMPLE_START_MS + 3_600_000 })
    const first = async (tail: string) => uris(await (await get(tail)).text())[0]
    expect(await first('/live/stream.m3u8')).toBe('newer0000001-v0-0.ts')
    expect(await first('/live/stream.m3u8?recording=older0000001')).toBe('older0000001-v0-0.ts')
    expect(await first(`/start/${START_SEC}/60/vod.m3u8`)).toBe(
      '../../../live/older0000001-v0-0.ts',
    )
    expect(await first('/recordings/older0000001/live/stream.m3u8')).toBe('older0000001-v0-0.ts')
    for (const tail of [
      '/live/stream.m3u8?recording=nobody000001',
      '/recordings/nobody/live/stream.m3u8',
    ]) {
      const answer = await get(tail)
      expect(answer.status).toBe(404)
      expect(await answer.json()).toMatchObject({ code: 'recording_not_found' })
    }
  })

  it('says where the nearest footage is when a span has none', async () => {
    const { library, get } = await startTestServer()
    const track = library.add().sampleTrack()
    track.segment()
    track.gap({ durationSec: 100 })
    track.segment()
    for (const [fromSec, nearestSec] of [
      [-1000, 0],
      [20, 0],
      [90, 104],
      [5000, 104],
    ] as const) {
      const answer = await get(`/start/${START_SEC + fromSec}/5/vod.m3u8`)
      expect(answer.status).toBe(404)
      const problem = (await answer.json()) as { code: string; detail: string }
      expect(problem.code).toBe('no_footage')
      expect(problem.detail).toContain(String(SAMPLE_START_MS + nearestSec * 1000))
    }
  })

  it('keeps a player that comes early waiting for the first segment', async () => {
    const { library, get } = await startTestServer()
    const track = library.add({ state: 'recording' }).sampleTrack()
    const early = get('/live/stream.m3u8?dvr=1')
    await new Promise((resolve) => setImmediate(resolve))
    track.segment()
    expect(uris(await (await early).text())).toHaveLength(1)
  })

  it('answers an empty library with words', async () => {
    const { library, get } = await startTestServer()
    expect(await (await get('/live/stream.m3u8')).json()).toMatchObject({
      code: 'recording_not_found',
    })
    library.add().sampleTrack()
    const answer = await get('/live/stream.m3u8')
    expect(answer.status).toBe(404)
    expect(await answer.json()).toMatchObject({ code: 'no_footage' })
  })

  it('carries the token on when it came with the address, and only then', async () => {
    const { library, get, origin } = await startTestServer()
    const recording = library.add()
    recording.sampleTrack().segment()
    const query = `token=${TEST_TOKEN}`
    expect(uris(await (await get('/live/stream.m3u8')).text())[0]).toBe('sample000001-v0-0.ts')
    const asked = await fetch(`${origin}/live/stream.m3u8?${query}`)
    expect(uris(await asked.text())[0]).toBe(`sample000001-v0-0.ts?${query}`)
    recording.sampleTrack({ id: 'a0', kind: 'audio' }).segment()
    const tracks = await fetch(`${origin}/live/stream.m3u8?dvr=1&recording=sample000001&${query}`)
    expect(uris(await tracks.text())[0]).toBe(
      `stream.m3u8?track=v0&recording=sample000001&dvr=1&${query}`,
    )
  })
})
