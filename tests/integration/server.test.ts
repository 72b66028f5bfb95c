import { rmSync, truncateSync, writeFileSync, mkdirSync } from 'node:fs'
import { createServer } from 'node:net'
import path from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Logger } from '../../src-main/ports/logger'
import { silentLogger } from '../../src-main/ports/logger'
import { VsrError } from '../../src-preload/contract/errors'
import type { ExportJob } from '../../src-preload/contract/model'
import { SAMPLE_START_MS } from '../support/sample-library'
import { tempDirForTest } from '../support/temp-dir'
import { startTestServer } from '../support/test-server'

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

  it('F39 holds what a player has asked for, segments and ranges; not what a list names', async () => {
    const { library, get } = await startTestServer()
    const { id, sampleTrack } = library.add()
    const track = sampleTrack()
    for (let number = 0; number < 3; number += 1) {
      track.segment(
        { startMs: SAMPLE_START_MS + number * 60_000, durationSec: 60 },
        new Uint8Array(9),
      )
    }
    await get('/live/stream.m3u8?dvr=1')
    expect(library.inUse.earliestMs(id)).toBeUndefined()
    await get(`/live/${id}-v0-2.ts`)
    expect(library.inUse.earliestMs(id)).toBe(SAMPLE_START_MS + 120_000)
    await get(`/start/${SAMPLE_START_MS + 60_000}/60/vod.m3u8`)
    expect(library.inUse.earliestMs(id)).toBe(SAMPLE_START_MS + 60_000)
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

  it('F44 listens on 127.0.0.1 alone for localhost, which may mean ::1 as well', async () => {
    const { origin, port } = await startTestServer({ host: 'localhost' })
    expect(new URL(origin).hostname).toBe('127.0.0.1')
    expect((await fetch(`http://127.0.0.1:${port}/health`)).status).toBe(200)
    await expect(fetch(`http://[::1]:${port}/health`)).rejects.toThrow()
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
