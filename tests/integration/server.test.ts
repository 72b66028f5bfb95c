import { rmSync, truncateSync, writeFileSync, mkdirSync } from 'node:fs'
import { createServer } from 'node:net'
import path from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { WebSocket } from 'ws'
import type { Logger } from '../../src-main/ports/logger'
import { silentLogger } from '../../src-main/ports/logger'
import { VsrError } from '../../src-preload/contract/errors'
import type { ExportJob } from '../../src-preload/contract/model'
import { runProcess } from '../support/processes'
import { addFfmpegTrack, SAMPLE_START_MS } from '../support/sample-library'
import { tempDirForTest } from '../support/temp-dir'
import { startTestServer, TEST_TOKEN } from '../support/test-server'
import { toolPath } from '../support/tools'
import { waitUntil } from '../support/wait-until'

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

describe('segments', () => {
  it('serves them with everything that a cache and a player need', async () => {
    const { library, get } = await startTestServer()
    const body = Uint8Array.from({ length: 3_000_000 }, (_, at) => (at * 7) % 251)
    library.add().sampleTrack().segment({ extension: 'm4s' }, body)
    const name = '/live/sample000001-v0-0.m4s'
    const answer = await get(name)
    expect(answer.status).toBe(200)
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'video/mp4',
      'content-length': '3000000',
      'accept-ranges': 'bytes',
      'cache-control': 'private, max-age=31536000, immutable',
      etag: expect.stringMatching(/^"[0-9a-f]+-[0-9a-f]+"$/),
    })
    expect(Buffer.compare(Buffer.from(await answer.arrayBuffer()), body)).toBe(0)
    const etag = answer.headers.get('etag') ?? ''

    const head = await get(name, { method: 'HEAD' })
    expect([head.status, head.headers.get('content-length')]).toEqual([200, '3000000'])
    for (const tag of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      expect((await get(name, { headers: { 'if-none-match': tag } })).status).toBe(304)
    }
    expect((await get(name, { headers: { 'if-none-match': '"other"' } })).status).toBe(200)
    const range = { range: 'bytes=0-9' }
    expect((await get(name, { headers: { ...range, 'if-range': etag } })).status).toBe(206)
    expect((await get(name, { headers: { ...range, 'if-range': '"other"' } })).status).toBe(200)
  })

  it('F38 says so, in the log too, when the file is gone or cut', async () => {
    const warnings: string[] = []
    const logger: Logger = {
      ...silentLogger,
      warn: (_fields, message) => void warnings.push(message),
    }
    const { library, get } = await startTestServer({ logger })
    const track = library.add().sampleTrack()
    track.segment({}, new Uint8Array(100))
    track.segment({}, new Uint8Array(100))
    const fileOf = (position: number) => {
      const row = track.index.rowAt(position)
      if (row.kind !== 'segment') throw new Error('not a segment')
      return track.pathOf(row)
    }
    rmSync(fileOf(0))
    truncateSync(fileOf(1), 50)
    for (const index of [0, 1]) {
      const answer = await get(`/live/sample000001-v0-${index}.ts`)
      expect(answer.status).toBe(404)
      expect(await answer.json()).toMatchObject({ code: 'segment_not_found' })
      expect(answer.headers.get('cache-control')).toBe('no-store')
    }
    expect(warnings).toHaveLength(2)
  })
})

describe('API over HTTP', () => {
  it('answers methods with the reply shape and a fitting status', async () => {
    const { library, call } = await startTestServer()
    library.add()
    const list = await call('recordings.list', {})
    expect(list.status).toBe(200)
    expect(await list.json()).toMatchObject({ ok: true, value: [{ id: 'sample000001' }] })
    for (const [method, input, status, code] of [
      ['recordings.get', { id: 'nobody000001' }, 404, 'recording_not_found'],
      ['recordings.get', { id: '../../etc' }, 400, 'bad_request'],
      ['recordings.start', { url: 'x' }, 400, 'not_a_url'],
      ['exports.get', { jobId: 'none' }, 404, 'export_not_found'],
      ['no.such.method', {}, 404, 'not_found'],
      ['__proto__', {}, 404, 'not_found'],
    ] as const) {
      const answer = await call(method, input)
      expect(answer.status, method).toBe(status)
      expect(await answer.json()).toMatchObject({ ok: false, error: { code } })
    }
  })

  it('answers broken bodies and unknown addresses as problems', async () => {
    const { get } = await startTestServer()
    const post = (body: string) =>
      get('/api/v1/settings.set', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      })
    for (const [answer, status] of [
      [await post('{broken'), 400],
      [await post(''), 400],
      [await post('{"__proto__":{"theme":"dark"}}'), 400],
      [await post(JSON.stringify({ exportsDir: 'x'.repeat(1_100_000) })), 413],
      [await get('/nothing/here'), 404],
      [await get('/live/%ff'), 400],
    ] as const) {
      expect(answer.status).toBe(status)
      expect(answer.headers.get('content-type')).toBe('application/problem+json')
      expect(await answer.json()).toMatchObject({ status, ok: false, code: expect.any(String) })
    }
  })

  it('shows no stack trace when something breaks inside, and logs it', async () => {
    const errors: object[] = []
    const logger: Logger = { ...silentLogger, error: (fields) => void errors.push(fields) }
    const broken = () => {
      throw new TypeError('secret inner detail')
    }
    const { call, get } = await startTestServer({
      logger,
      overrides: { listRecordings: broken, metrics: broken },
    })
    for (const answer of [await call('recordings.list', {}), await get('/metrics')]) {
      expect(answer.status).toBe(500)
      const text = await answer.text()
      expect(text).toContain('Something went wrong inside VSR.')
      expect(text).not.toMatch(/secret inner detail|\.ts:|TypeError/)
    }
    expect(errors).toHaveLength(2)
  })

  it('sends events, and forgets clients that left', async () => {
    const { port, engine } = await startTestServer()
    const socket = new WebSocket(`ws://127.0.0.1:${port}/api/v1/events?token=${TEST_TOKEN}`)
    const messages: unknown[] = []
    socket.on('message', (data: Buffer) => messages.push(JSON.parse(data.toString())))
    await waitUntil({ what: 'the subscription', check: () => engine.listeners() === 1, everyMs: 5 })
    engine.emit({ type: 'recording.removed', id: 'sample000001' })
    await waitUntil({ what: 'the event', check: () => messages.length === 1, everyMs: 5 })
    expect(messages).toEqual([{ type: 'recording.removed', id: 'sample000001' }])
    socket.close()
    await waitUntil({ what: 'the end', check: () => engine.listeners() === 0, everyMs: 5 })
  })

  it('drops an event client that reads nothing, and goes on', async () => {
    const { port, engine } = await startTestServer()
    const socket = new WebSocket(`ws://127.0.0.1:${port}/api/v1/events?token=${TEST_TOKEN}`)
    socket.on('error', () => {
      // The server cuts the connection: that is what the test waits for.
    })
    await waitUntil({ what: 'the subscription', check: () => engine.listeners() === 1, everyMs: 5 })
    await waitUntil({
      what: 'the upgrade',
      check: () => socket.readyState === WebSocket.OPEN,
      everyMs: 5,
    })
    socket.pause()
    const job = { type: 'recording.removed', id: 'x'.repeat(100_000) } as const
    for (let count = 0; count < 400 && engine.listeners() > 0; count += 1) {
      engine.emit(job)
      await new Promise((resolve) => setImmediate(resolve))
    }
    await waitUntil({ what: 'the cut', check: () => engine.listeners() === 0, everyMs: 5 })
    socket.terminate()
  })

  it('closes with clients still there', async () => {
    const { port, engine, close } = await startTestServer()
    const socket = new WebSocket(`ws://127.0.0.1:${port}/api/v1/events?token=${TEST_TOKEN}`)
    const closed = new Promise((resolve) => socket.on('close', resolve))
    await waitUntil({ what: 'the subscription', check: () => engine.listeners() === 1, everyMs: 5 })
    await close()
    await closed
    await waitUntil({ what: 'the end', check: () => engine.listeners() === 0, everyMs: 5 })
  })
})

describe('health, metrics, exports, interface', () => {
  it('answers 503 with the reasons when something is wrong', async () => {
    const { get } = await startTestServer({
      overrides: {
        health: () =>
          Promise.resolve({
            reasons: ['The disk is full.'],
            details: { recordings: 1, running: 0, stalled: [] },
          }),
      },
    })
    const answer = await get('/health')
    expect(answer.status).toBe(503)
    expect(await answer.json()).toMatchObject({ status: 'failing', reasons: ['The disk is full.'] })
  })

  it('counts requests by route and never by address', async () => {
    const { get } = await startTestServer()
    for (const name of ['a', 'b', 'c']) await get(`/live/${name}`)
    const text = await (await get('/metrics')).text()
    expect(text).toContain(
      'vsr_http_requests_total{method="GET",route="/live/:segment",status="404"} 3',
    )
    expect(text).not.toContain('/live/a')
  })

  it('hands out a finished export under its own name', async () => {
    const file = path.join(tempDirForTest(), 'Ünïcode "quoted" (1).mp4')
    writeFileSync(file, 'movie')
    const job: ExportJob = {
      jobId: 'job1',
      recordingId: 'sample000001',
      title: 't',
      fromMs: 0,
      toMs: 1,
      format: 'mp4',
      mode: 'copy',
      state: 'done',
      percent: 100,
      createdMs: 0,
      result: { file, startMs: 0, durationSec: 1, bytes: 5, mode: 'copy', gapsSkippedSec: 0 },
    }
    const { get } = await startTestServer({
      overrides: {
        getExport: (id) => {
          if (id === 'job1') return job
          throw new VsrError('export_not_found', 'There is no such export.')
        },
      },
    })
    const answer = await get('/exports/job1/file')
    expect(answer.headers.get('content-disposition')).toBe(
      "attachment; filename*=UTF-8''%C3%9Cn%C3%AFcode%20%22quoted%22%20%281%29.mp4",
    )
    expect(answer.headers.get('content-type')).toBe('video/mp4')
    expect(await answer.text()).toBe('movie')
    expect((await get('/exports/job1/file', { headers: { range: 'bytes=1-2' } })).status).toBe(206)
    expect((await get('/exports/job2/file')).status).toBe(404)
    rmSync(file)
    expect((await get('/exports/job1/file')).status).toBe(404)
  })

  it('serves the files of the interface bare, under a strict policy, and nothing beside them', async () => {
    const parent = tempDirForTest()
    const staticDir = path.join(parent, 'renderer')
    mkdirSync(path.join(staticDir, 'assets'), { recursive: true })
    writeFileSync(path.join(staticDir, 'index.html'), '<!doctype html>')
    writeFileSync(path.join(staticDir, 'assets/app-1.js'), 'void 0')
    writeFileSync(path.join(parent, 'secret.txt'), 'secret')
    const { origin } = await startTestServer({ staticDir })
    const page = await fetch(`${origin}/?token=whatever`)
    expect(await page.text()).toBe('<!doctype html>')
    const policy = page.headers.get('content-security-policy') ?? ''
    expect(policy).toContain("default-src 'none'")
    expect(policy).not.toContain('unsafe')
    expect(page.headers.get('cache-control')).toBe('no-cache')
    const script = await fetch(`${origin}/assets/app-1.js`)
    expect(script.headers.get('content-type')).toMatch(/javascript/)
    expect(script.headers.get('cache-control')).toContain('immutable')
    for (const tail of ['/assets/../../secret.txt', '/..%2fsecret.txt', '/assets', '/assets/']) {
      expect((await fetch(origin + tail)).status, tail).toBe(401)
    }
  })

  it('F43 takes another port when the wanted one is taken, and tells the true one', async () => {
    const blocker = createServer()
    await new Promise<void>((resolve) => blocker.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => new Promise<void>((resolve) => blocker.close(() => resolve())))
    const address = blocker.address()
    const taken = typeof address === 'object' && address !== null ? address.port : 0
    const { port, origin } = await startTestServer({ port: taken })
    expect(port).not.toBe(taken)
    expect((await fetch(`${origin}/health`)).status).toBe(200)
  })

  it('says so when it cannot listen at all', async () => {
    await expect(startTestServer({ host: '203.0.113.7' })).rejects.toMatchObject({
      code: 'port_unavailable',
    })
  })
})

describe('/health', () => {
  it('fails once a request failed by a fault of VSR, and says so without a token', async () => {
    const { origin, call } = await startTestServer({
      overrides: {
        getSettings: () => {
          throw new TypeError('a bug')
        },
      },
    })
    expect((await fetch(`${origin}/health`)).status).toBe(200)
    expect((await call('settings.get', {})).status).toBe(500)
    const health = await fetch(`${origin}/health`)
    expect(health.status).toBe(503)
    expect(await health.json()).toMatchObject({
      status: 'failing',
      reasons: ['1 request failed inside VSR in the last 5 minutes.'],
    })
  })
})
