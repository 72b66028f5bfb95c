import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

export interface PageServer {
  /** Without a slash at the end. */
  readonly origin: string
  /** Every request so far. */
  readonly requests: readonly { readonly path: string; readonly headers: IncomingHttpHeaders }[]
  set(path: string, body: string, type?: string): void
}

const types: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  m3u8: 'application/vnd.apple.mpegurl',
}

/** Web pages and playlists on 127.0.0.1, served until the running test ends. Unknown paths answer 404. */
export async function servePages(pages: Readonly<Record<string, string>>): Promise<PageServer> {
  const all = new Map<string, { body: string; type: string }>()
  const requests: { path: string; headers: IncomingHttpHeaders }[] = []
  const set = (path: string, body: string, type?: string) => {
    const extension = path.split('.').at(-1) ?? ''
    all.set(path, { body, type: type ?? types[extension] ?? 'text/html' })
  }
  for (const [path, body] of Object.entries(pages)) set(path, body)
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://127.0.0.1')
    requests.push({ path: pathname, headers: request.headers })
    const page = all.get(pathname)
    response.writeHead(page === undefined ? 404 : 200, {
      'content-type': page?.type ?? 'text/plain',
    })
    response.end(request.method === 'HEAD' ? undefined : (page?.body ?? 'not here'))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  // a TCP server's address() is never a string
  const { port } = server.address() as AddressInfo
  return { origin: `http://127.0.0.1:${port}`, requests, set }
}

export const livePlaylist = [
  '#EXTM3U',
  '#EXT-X-VERSION:3',
  '#EXT-X-TARGETDURATION:4',
  '#EXT-X-MEDIA-SEQUENCE:7',
  '#EXTINF:4.0,',
  'a.ts',
  '#EXTINF:4.0,',
  'b.ts',
  '',
].join('\n')

export const vodPlaylist = `${livePlaylist}#EXT-X-ENDLIST\n`

export const drmPlaylist = livePlaylist.replace(
  '#EXTINF',
  '#EXT-X-KEY:METHOD=SAMPLE-AES,URI="https://license.example/w",KEYFORMAT="urn:uuid:edef8ba9-79d6-4ace-a3c8-27dcd51d21ed",KEYFORMATVERSIONS="1"\n#EXTINF',
)

export const multivariantPlaylist = [
  '#EXTM3U',
  '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="snd",NAME="English",LANGUAGE="en",DEFAULT=YES,URI="audio.m3u8"',
  '#EXT-X-STREAM-INF:BANDWIDTH=800000,RESOLUTION=640x360,CODECS="avc1.4d401e,mp4a.40.2",AUDIO="snd"',
  'low.m3u8',
  '#EXT-X-STREAM-INF:BANDWIDTH=2800000,RESOLUTION=1280x720,FRAME-RATE=50,CODECS="avc1.4d401f,mp4a.40.2",AUDIO="snd"',
  'high.m3u8',
  '',
].join('\n')
