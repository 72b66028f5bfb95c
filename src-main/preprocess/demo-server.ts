import { createReadStream } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import type { Logger } from '../ports/logger'
import { DEMO_PLAYLIST } from './demo-ffmpeg'

export interface DemoServer {
  /** Of the playlist. */
  readonly url: string
  close(): Promise<void>
}

const SEGMENT_PATH = /^\/(segment-\d{1,15}\.ts)$/
const READ_BYTES = 256 * 1024

/** Serves the demo's playlist and segments on 127.0.0.1, and no other name. */
export async function serveDemo(options: { folder: string; logger: Logger }): Promise<DemoServer> {
  const server = createServer((request, response) => answer(options, request, response))
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  // a TCP server's address() is never a string
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/${DEMO_PLAYLIST}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function answer(
  { folder, logger }: { folder: string; logger: Logger },
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const { pathname } = new URL(request.url ?? '/', 'http://127.0.0.1')
  const isPlaylist = pathname === `/${DEMO_PLAYLIST}`
  const name = isPlaylist ? DEMO_PLAYLIST : SEGMENT_PATH.exec(pathname)?.[1]
  if (name === undefined || (request.method !== 'GET' && request.method !== 'HEAD')) {
    response.writeHead(404).end()
    return
  }
  const file = createReadStream(path.join(folder, name), { highWaterMark: READ_BYTES })
  file.once('open', () => {
    response.writeHead(200, {
      'content-type': isPlaylist ? 'application/vnd.apple.mpegurl' : 'video/mp2t',
      'cache-control': isPlaylist ? 'no-cache' : 'max-age=60',
    })
    if (request.method === 'HEAD') response.end()
    else file.pipe(response)
  })
  file.once('error', (err) => {
    logger.debug({ err, name }, 'a demo file is gone')
    if (!response.headersSent) response.writeHead(404)
    response.end()
  })
  response.once('close', () => file.destroy())
}
