import { describe, expect, it } from 'vitest'
import { sendRaw, startTestServer, TEST_TOKEN } from '../support/test-server'

const auth = `Authorization: Bearer ${TEST_TOKEN}`
const raw = (path: string, ...lines: string[]) =>
  `GET ${path} HTTP/1.1\r\n${lines.map((line) => `${line}\r\n`).join('')}Connection: close\r\n\r\n`

describe('S05 segment names', () => {
  it('S05 finds nothing but stored segments', async () => {
    const { port, library } = await startTestServer()
    library.add().sampleTrack().segment({}, new Uint8Array(10))
    library.add({ id: 'another00001' }).sampleTrack().segment({}, new Uint8Array(10))
    const own = `Host: 127.0.0.1:${port}`
    const statusOf = async (path: string) =>
      (await sendRaw(port, raw(encodeURI(path).replaceAll('%25', '%'), own, auth))).status
    expect(await statusOf('/live/sample000001-v0-0.ts')).toBe(200)
    for (const name of [
      '../../etc/passwd',
      '..%2f..%2fetc%2fpasswd',
      '%2e%2e%2fetc%2fpasswd',
      '..%5c..%5cwindows%5cwin.ini',
      '....//....//etc/passwd',
      '%252e%252e%252fetc%252fpasswd',
      '%c0%ae%c0%ae%c0%afetc',
      '/etc/passwd',
      '%2fetc%2fpasswd',
      '%5c%5cserver%5cshare%5cfile.ts',
      'C:%5cfile.ts',
      'sample000001-v0-0.ts%00',
      'sample000001-v0-0.ts%00.jpg',
      'sample000001-v0-0.ts%2f..',
      'sample000001-v0-00.ts',
      'sample000001-v0--1.ts',
      'sample000001-v0-0.m4s',
      'sample000001-v0-0.key',
      'sample000001-v0-1.ts',
      'sample000001-v1-0.ts',
      'SAMPLE000001-v0-0.ts',
      'sample000001-__proto__-0.ts',
      'sample000001-v0-99999999999999999999.ts',
      'sample000001-v0-0.ts:stream',
      'a'.repeat(5000),
    ]) {
      expect([400, 404], name).toContain(await statusOf(`/live/${name}`))
    }
    expect(await statusOf('/recordings/another00001/live/sample000001-v0-0.ts')).toBe(404)
    expect(await statusOf('/recordings/..%2f../live/stream.m3u8')).toBe(404)
    expect(await statusOf('/recordings/__proto__/live/stream.m3u8')).toBe(404)
  })
})

describe('S07 Range', () => {
  it('S07 serves one range, everything for several, 416 for none inside', async () => {
    const { get, library } = await startTestServer()
    const body = Uint8Array.from({ length: 1000 }, (_, at) => at % 256)
    library.add().sampleTrack().segment({}, body)
    const path = '/live/sample000001-v0-0.ts'
    const ask = async (range: string) => {
      const answer = await get(path, { headers: { range } })
      return { answer, bytes: new Uint8Array(await answer.arrayBuffer()) }
    }
    for (const [range, first, last] of [
      ['bytes=0-0', 0, 0],
      ['bytes=10-19', 10, 19],
      ['bytes=990-', 990, 999],
      ['bytes=990-5000', 990, 999],
      ['bytes=-10', 990, 999],
      ['bytes=-5000', 0, 999],
    ] as const) {
      const { answer, bytes } = await ask(range)
      expect(answer.status, range).toBe(206)
      expect(answer.headers.get('content-range')).toBe(`bytes ${first}-${last}/1000`)
      expect(bytes).toEqual(body.slice(first, last + 1))
    }
    for (const range of ['bytes=1000-', 'bytes=5000-6000', 'bytes=-0']) {
      const { answer } = await ask(range)
      expect(answer.status, range).toBe(416)
      expect(answer.headers.get('content-range')).toBe('bytes */1000')
      expect(answer.headers.get('content-type')).toBe('application/problem+json')
    }
    const many = `bytes=${Array.from({ length: 1000 }, (_, at) => `${at}-${at}`).join(',')}`
    for (const range of [many, 'bytes=0-1,5-6', 'bytes=5-1', 'bytes=-', 'lines=1-2', 'bytes=a-b']) {
      const { answer, bytes } = await ask(range)
      expect(answer.status, range).toBe(200)
      expect(bytes).toEqual(body)
    }
  })

  it('S07 answers 10 000 ranges in one header without harm', async () => {
    const { port, library } = await startTestServer()
    library.add().sampleTrack().segment({}, new Uint8Array(1000))
    const many = Array.from({ length: 10_000 }, () => '0-0').join(',')
    const text = raw(
      '/live/sample000001-v0-0.ts',
      `Host: 127.0.0.1:${port}`,
      auth,
      `Range: bytes=${many}`,
    )
    expect([200, 416, 431]).toContain((await sendRaw(port, text)).status)
  })
})

describe('S08 time span', () => {
  it('S08 refuses numbers that are no times', async () => {
    const { get, library } = await startTestServer()
    library.add().sampleTrack().segment()
    for (const [timestamp, duration] of [
      ['NaN', '60'],
      ['1e308', '60'],
      ['-1', '60'],
      ['1e12', '60'],
      ['Infinity', '60'],
      ['0x10', '60'],
      ['1790000000.5', '60'],
      ['20261332000000', '60'],
      ['20260230000000', '60'],
      ['99999999999999999999', '60'],
      ['1790000000', 'NaN'],
      ['1790000000', '1e308'],
      ['1790000000', '-1'],
      ['1790000000', '1e12'],
      ['1790000000', '1000000000000'],
      ['1790000000', '0'],
      ['1790000000', '32d'],
      ['1790000000', '1y'],
      ['1790000000', 'forever'],
      ['1790000000', '9'.repeat(60)],
    ]) {
      const answer = await get(`/start/${timestamp}/${duration}/vod.m3u8`)
      expect(answer.status, `${timestamp}/${duration}`).toBe(400)
      expect(await answer.json()).toMatchObject({ code: 'bad_time', status: 400 })
    }
  })
})

describe('S10 playlist injection', () => {
  it('S10 emits only ids, enumerated words, numbers and names without anything that could be a line or an attribute', async () => {
    const { get, library } = await startTestServer()
    const nasty = 'x"\r\n#EXT-X-KEY:METHOD=NONE\r\nhttp://evil.example/a.ts,\u2028\0'
    const recording = library.add({ title: nasty, sourceUrl: nasty })
    recording
      .sampleTrack({ codecs: nasty, name: nasty, language: nasty })
      .segment({}, new Uint8Array(1))
    recording
      .sampleTrack({ id: 'a0', kind: 'audio', codecs: nasty, name: nasty, language: nasty })
      .segment()
    for (const path of [
      '/live/stream.m3u8',
      '/live/stream.m3u8?dvr=1',
      '/live/stream.m3u8?track=v0',
      '/start/1790000000/60/vod.m3u8?track=a0',
    ]) {
      const text = await (await get(path)).text()
      expect(text).toMatch(/^#EXTM3U\n/)
      expect(text).not.toMatch(/\r|\0|\u2028/)
      for (const line of text.split('\n')) {
        expect(line).toMatch(
          /^(#EXT|$|stream\.m3u8\?track=[va]0(&dvr=1)?$|(\.\.\/\.\.\/\.\.\/live\/)?sample\d+-[va]0-\d+\.ts$)/,
        )
        expect(line).not.toMatch(/^#EXT-X-KEY|https?:|METHOD=/)
      }
    }
  })

  it('S10 carries a token on only where it can do no harm', async () => {
    const { origin, library } = await startTestServer({ token: undefined })
    library.add().sampleTrack().segment()
    const nasty = encodeURIComponent('a"\n#EXT-X-KEY:METHOD=NONE')
    const text = await (await fetch(`${origin}/live/stream.m3u8?token=${nasty}`)).text()
    expect(text).not.toContain('EXT-X-KEY')
    expect(text).toMatch(/\nsample000001-v0-0\.ts\n/)
  })
})
