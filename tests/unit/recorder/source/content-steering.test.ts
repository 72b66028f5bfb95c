import { describe, expect, it } from 'vitest'
import type { HttpRequest } from '../../../../src-main/fetch/http'
import { silentLogger } from '../../../../src-main/ports/logger'
import { steerContent } from '../../../../src-main/recorder/source/content-steering'
import { createFakeClock } from '../../../support/fake-clock'
import { createFakeHttp, type FakeAnswer } from '../../../support/fake-http'

const serverUri = 'http://steer.example/m?session=a%2Fb'
const manifest = (extra: object = {}) => ({
  body: JSON.stringify({ VERSION: 1, TTL: 60, 'PATHWAY-PRIORITY': ['B', 'A'], ...extra }),
})

function setUp(answer: (request: HttpRequest, count: number) => FakeAnswer) {
  const clock = createFakeClock()
  const http = createFakeHttp(answer)
  const ending = new AbortController()
  const told: (readonly string[])[] = []
  const world = { throughputBps: undefined as number | undefined }
  const over = steerContent({
    serverUri: () => serverUri,
    report: () => ({ pathwayId: 'CDN A', throughputBps: world.throughputBps }),
    requestBase: (signal) => ({
      origin: 'http://source.example',
      headers: { cookie: 'secret' },
      allowPrivateNetwork: false,
      signal,
    }),
    onManifest: ({ priority }) => told.push(priority),
    http,
    clock,
    random: () => 0.5,
    logger: silentLogger,
    signal: ending.signal,
  })
  return { clock, http, ending, told, world, over, urls: () => http.requests.map(({ url }) => url) }
}

describe('steerContent', () => {
  it('asks again after the time to live, with the pathway and the throughput, its own query untouched', async () => {
    const { clock, urls, told, world, ending, over } = setUp(() => manifest())
    await clock.settle()
    world.throughputBps = 1_234_567.8
    await clock.advance(59_000)
    expect(urls()).toEqual([`${serverUri}&_HLS_pathway=CDN%20A`])
    await clock.advance(1000)
    expect(urls()[1]).toBe(`${serverUri}&_HLS_pathway=CDN%20A&_HLS_throughput=1234568`)
    expect(told).toEqual([
      ['B', 'A'],
      ['B', 'A'],
    ])
    ending.abort()
    await over
  })

  it('goes on at RELOAD-URI, and back at the playlist’s address where that fails', async () => {
    const next = 'http://steer.example/next'
    const { clock, urls } = setUp((request, count) =>
      request.url.startsWith(next) && count < 2
        ? { status: 404 }
        : manifest({ 'RELOAD-URI': next }),
    )
    await clock.advance(61_000)
    await clock.advance(301_000)
    const addresses = urls().map((url) => url.split(/[?&]_HLS/)[0])
    expect(addresses).toEqual([serverUri, next, next, serverUri])
  })

  it('S13 S15 keeps the rules for addresses, and the source’s headers from other origins', async () => {
    const { clock, http } = setUp(() => manifest())
    await clock.settle()
    expect(http.requests[0]).toMatchObject({ allowPrivateNetwork: false, headers: {} })
  })

  it('is not asked again once it says that it is gone for good', async () => {
    const { clock, http, over } = setUp(() => ({ status: 410 }))
    await clock.advance(5000)
    await over
    expect(http.requests.length).toBeLessThanOrEqual(2)
  })

  it('outlives a server that sends nonsense', async () => {
    const { clock, told, http } = setUp((_, count) => (count < 4 ? { body: '<html>' } : manifest()))
    await clock.advance(1_000_000)
    expect(told.length).toBeGreaterThan(0)
    expect(http.requests.length).toBeLessThan(40)
  })
})
