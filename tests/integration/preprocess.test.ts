import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { createHttpClient } from '../../src-main/fetch/http-client'
import { createPlaylistParser } from '../../src-main/hls/parse/worker-parser'
import { systemClock } from '../../src-main/ports/clock'
import { silentLogger } from '../../src-main/ports/logger'
import { createPreprocessor } from '../../src-main/preprocess/preprocessor'
import { createTools } from '../../src-main/preprocess/tools'
import { askYtdlp } from '../../src-main/preprocess/ytdlp'
import { testWorkerFile } from '../support/build-worker'
import {
  drmPlaylist,
  livePlaylist,
  multivariantPlaylist,
  servePages,
  vodPlaylist,
} from '../support/pages'
import { tempDirForTest } from '../support/temp-dir'
import { toolPath } from '../support/tools'

const never = new AbortController().signal
const parser = createPlaylistParser({ workerFile: testWorkerFile })
const http = createHttpClient()
afterEach(() => http.close())
afterAll(() => parser.close())

function create(env: NodeJS.ProcessEnv = { PATH: '' }) {
  return createPreprocessor({
    http,
    parser,
    tools: createTools({ env }),
    clock: systemClock,
    random: Math.random,
    logger: silentLogger,
    demo: { url: () => Promise.reject(new Error('no demo in this test')) },
  })
}

/** A stand-in for yt-dlp: answers for its version, then does what the script says. */
function fakeYtdlp(script: string): { path: string; version: string; env: NodeJS.ProcessEnv } {
  const dir = tempDirForTest()
  const file = path.join(dir, 'yt-dlp')
  const body = `#!/bin/sh\n[ "$1" = --version ] && echo 2026.01.01 && exit 0\n${script}\n`
  writeFileSync(file, body, { mode: 0o755 })
  return { path: file, version: '2026.01.01', env: { ...process.env, VSR_YTDLP: file } }
}

describe('a playlist address', () => {
  it('is probed: live, variant streams, renditions', async () => {
    const { origin } = await servePages({
      '/show.m3u8': multivariantPlaylist,
      '/high.m3u8': livePlaylist,
    })
    const probe = await create().probe(`  ${origin}/show.m3u8?token=1 `, never)
    expect(probe).toEqual({
      kind: 'hls',
      resolver: 'direct',
      playlistUrl: `${origin}/show.m3u8?token=1`,
      title: 'show',
      live: true,
      variants: [
        {
          bandwidth: 800_000,
          codecs: 'avc1.4d401e,mp4a.40.2',
          resolution: { width: 640, height: 360 },
        },
        {
          bandwidth: 2_800_000,
          codecs: 'avc1.4d401f,mp4a.40.2',
          resolution: { width: 1280, height: 720 },
          frameRate: 50,
        },
      ],
      renditions: [{ type: 'AUDIO', language: 'en', name: 'English' }],
    })
  })

  it('of a finished video has a length', async () => {
    const { origin } = await servePages({ '/v.m3u8': vodPlaylist })
    const probe = await create().probe(`${origin}/v.m3u8`, never)
    expect(probe).toMatchObject({ live: false, durationSec: 8, variants: [] })
  })

  it('is resolved to a source; LAN addresses are allowed because the person typed one', async () => {
    const { origin } = await servePages({ '/live/index.m3u8': livePlaylist })
    const source = await create().resolve(`${origin}/live/index.m3u8`, never)
    expect(source).toEqual({
      playlistUrl: `${origin}/live/index.m3u8`,
      headers: {},
      title: '127.0.0.1',
      allowPrivateNetwork: true,
    })
  })

  it('F16 that answers with a web page is called that', async () => {
    const { origin } = await servePages({})
    const served = await servePages({ '/x.m3u8': '<html>sign in</html>' })
    await expect(create().resolve(`${served.origin}/x.m3u8`, never)).rejects.toMatchObject({
      code: 'not_a_playlist',
      message: 'The address answered with a web page, not with a video playlist.',
    })
    await expect(create().resolve(`${origin}/none.m3u8`, never)).rejects.toMatchObject({
      code: 'source_not_found',
    })
  })

  it('with DRM is reported by a probe and refused for recording', async () => {
    const { origin } = await servePages({
      '/m.m3u8': multivariantPlaylist,
      '/high.m3u8': drmPlaylist,
    })
    const probe = await create().probe(`${origin}/m.m3u8`, never)
    expect(probe.drm).toBe('Widevine')
    await expect(create().resolve(`${origin}/m.m3u8`, never)).rejects.toMatchObject({
      code: 'drm_protected',
    })
  })
})

describe('a page', () => {
  it('is searched for its playlist; its address goes along as referer', async () => {
    const site = await servePages({
      '/watch.html': `<title>The &amp; Show</title><script>hls.loadSource('/cdn\\/live.m3u8?a=1&amp;b=2')</script>`,
      '/cdn/live.m3u8': livePlaylist,
    })
    const pre = create()
    const source = await pre.resolve(`${site.origin}/watch.html`, never)
    expect(source).toEqual({
      playlistUrl: `${site.origin}/cdn/live.m3u8?a=1&b=2`,
      headers: { referer: `${site.origin}/watch.html` },
      title: 'The & Show',
      allowPrivateNetwork: true,
    })
    expect(site.requests.at(-1)?.headers.referer).toBe(`${site.origin}/watch.html`)
    const probe = await pre.probe(`${site.origin}/watch.html`, never)
    expect(probe).toMatchObject({ kind: 'page', resolver: 'page-scan', live: true })
  })

  it('is searched one frame deep, past addresses that do not work', async () => {
    const site = await servePages({
      '/page.html': `<iframe src="/embed.html"></iframe><video src="/dead.m3u8"></video>`,
      '/embed.html': `<script>var c = {"file":"\\/v\\/ok.m3u8"}</script>`,
      '/v/ok.m3u8': vodPlaylist,
    })
    const source = await create().resolve(`${site.origin}/page.html`, never)
    expect(source.playlistUrl).toBe(`${site.origin}/v/ok.m3u8`)
    expect(source.headers).toEqual({ referer: `${site.origin}/embed.html` })
  })

  it('F26 without a stream says what to install when yt-dlp is missing', async () => {
    const { origin } = await servePages({ '/p.html': '<title>t</title>nothing' })
    await expect(create().probe(`${origin}/p.html`, never)).rejects.toMatchObject({
      code: 'ytdlp_missing',
      hint: expect.stringContaining('yt-dlp'),
    })
  })

  it('is asked about with the real yt-dlp', async () => {
    const { origin } = await servePages({ '/p.html': '<title>t</title>nothing here' })
    const env = { ...process.env, VSR_YTDLP: toolPath('yt-dlp') }
    await expect(create(env).probe(`${origin}/p.html`, never)).rejects.toMatchObject({
      code: 'nothing_found_on_page',
    })
  })

  it('the real yt-dlp finds a stream where the page scan is not asked', async () => {
    const { origin } = await servePages({
      '/p.html': `<html><head><title>News</title></head><body><video><source src="/live.m3u8" type="application/x-mpegURL"></video></body></html>`,
      '/live.m3u8': livePlaylist,
    })
    const tool = await createTools({
      env: { ...process.env, VSR_YTDLP: toolPath('yt-dlp') },
    }).ytdlp()
    if (tool === undefined) throw new Error('yt-dlp was not found')
    const result = await askYtdlp({ tool, url: new URL(`${origin}/p.html`), signal: never })
    expect(result?.playlists[0]?.url).toBe(`${origin}/live.m3u8`)
  })

  it('S17 a planted yt-dlp configuration does not run', async () => {
    const { origin } = await servePages({ '/p.html': 'nothing' })
    const home = tempDirForTest()
    const marker = path.join(home, 'ran')
    mkdirSync(path.join(home, '.config/yt-dlp/plugins/evil/yt_dlp_plugins/extractor'), {
      recursive: true,
    })
    // read, it would make yt-dlp print its version instead of JSON
    writeFileSync(path.join(home, '.config/yt-dlp/config'), '--version\n')
    writeFileSync(
      path.join(home, '.config/yt-dlp/plugins/evil/yt_dlp_plugins/extractor/evil.py'),
      `open(${JSON.stringify(marker)}, 'w').write('ran')\n`,
    )
    const tool = await createTools({
      env: { ...process.env, VSR_YTDLP: toolPath('yt-dlp') },
    }).ytdlp()
    if (tool === undefined) throw new Error('yt-dlp was not found')
    const env = { ...process.env, HOME: home, XDG_CONFIG_HOME: path.join(home, '.config') }
    await askYtdlp({ tool, url: new URL(`${origin}/p.html`), signal: never, env })
    expect(existsSync(marker)).toBe(false)
  })
})

describe('F26 a yt-dlp that misbehaves', () => {
  const page = async () => {
    const site = await servePages({ '/p.html': 'nothing', '/found.m3u8': livePlaylist })
    return site
  }

  it('answers with a stream: taken, with the headers it names', async () => {
    const site = await page()
    const { env } = fakeYtdlp(
      `echo '{"title":"Found","url":"${site.origin}/found.m3u8","protocol":"m3u8_native","http_headers":{"Referer":"https://r.example/","Cookie":"no"}}'`,
    )
    expect(await create(env).resolve(`${site.origin}/p.html`, never)).toMatchObject({
      playlistUrl: `${site.origin}/found.m3u8`,
      title: 'Found',
      headers: { referer: 'https://r.example/' },
    })
  })

  it('prints junk', async () => {
    const { origin } = await page()
    const { env } = fakeYtdlp('echo "{ not json"')
    await expect(create(env).probe(`${origin}/p.html`, never)).rejects.toMatchObject({
      code: 'ytdlp_failed',
    })
  })

  it('exits with 1 and a reason', async () => {
    const { origin } = await page()
    const { env } = fakeYtdlp(
      'echo "ERROR: [site] This video is private https://x.example/?token=secret; please report this issue on …" >&2; exit 1',
    )
    const error = await create(env)
      .probe(`${origin}/p.html`, never)
      .catch((err: unknown) => err)
    expect(error).toMatchObject({
      code: 'ytdlp_failed',
      message: expect.stringContaining('This video is private'),
    })
    expect(String(error)).not.toContain('secret')
  })

  it('F47 hangs and ignores TERM: ended with its children at the deadline', async () => {
    // Far longer than this test may take.
    const fake = fakeYtdlp('trap "" TERM\nsleep 600 &\nwait\nsleep 600')
    await expect(
      askYtdlp({
        tool: fake,
        url: new URL('https://example.com/'),
        signal: never,
        deadlineMs: 300,
      }),
    ).rejects.toMatchObject({ code: 'ytdlp_failed' })
  })

  it('is ended when nobody waits any more', async () => {
    const fake = fakeYtdlp('sleep 60')
    const abort = new AbortController()
    const asking = askYtdlp({
      tool: fake,
      url: new URL('https://example.com/'),
      signal: abort.signal,
    })
    abort.abort()
    await expect(asking).rejects.toMatchObject({ code: 'cancelled' })
  })
})
