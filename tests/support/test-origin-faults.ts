import type { ServerResponse } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import type { StreamResource } from './test-origin-stream'

/** What the origin does instead of answering as it should. */
export type Fault =
  | {
      readonly kind: 'status'
      readonly status: number
      readonly headers?: Readonly<Record<string, string>>
    }
  /** A login page with status 200, under the media's own content type unless told otherwise. */
  | { readonly kind: 'html'; readonly contentType?: string }
  | { readonly kind: 'body'; readonly body: string | Uint8Array; readonly contentType?: string }
  /**
   * Only a part of the body, then the connection is closed. `length`: after a full Content-Length
   * (F12); `chunked`: without the last chunk (F13); `close`: with neither, as HTTP/1.0 does (F14).
   */
  | {
      readonly kind: 'cut'
      readonly fraction: number
      readonly framing: 'length' | 'chunked' | 'close'
    }
  | {
      readonly kind: 'redirect'
      readonly location: string
      readonly status?: 301 | 302 | 303 | 307 | 308
    }
  /** The right answer, late. */
  | { readonly kind: 'delay'; readonly ms: number }
  /** Headers, so many bytes, then silence (F11). */
  | { readonly kind: 'hang'; readonly afterBytes: number }
  /** The request is taken and never answered, as by a black hole (F10). */
  | { readonly kind: 'silence' }
  /** The connection is reset without a word. */
  | { readonly kind: 'reset' }
  /** A body without end (S24). */
  | { readonly kind: 'endless' }

/** Answers with the fault. True when nothing more is to be said, false when the right answer follows. */
export async function applyFault(options: {
  readonly fault: Fault
  readonly response: ServerResponse
  /** What lies there, where something does. */
  readonly resource: StreamResource | undefined
}): Promise<boolean> {
  const { fault, response, resource } = options
  const contentType = resource?.contentType ?? 'application/octet-stream'
  const body = resource?.body ?? new Uint8Array(0)
  switch (fault.kind) {
    case 'status':
      response.writeHead(fault.status, { 'content-type': 'text/plain', ...fault.headers })
      response.end(`status ${fault.status}`)
      return true
    case 'html':
      response.writeHead(200, { 'content-type': fault.contentType ?? contentType })
      response.end('<!doctype html><html><body><h1>Please sign in</h1></body></html>')
      return true
    case 'body':
      response.writeHead(200, { 'content-type': fault.contentType ?? contentType })
      response.end(fault.body)
      return true
    case 'cut':
      cut({ response, contentType, body, fraction: fault.fraction, framing: fault.framing })
      return true
    case 'redirect':
      response.writeHead(fault.status ?? 302, { location: fault.location })
      response.end()
      return true
    case 'delay':
      // The origin's own slowness is what is being tested, not a wait for luck.
      await delay(fault.ms, undefined, { ref: false })
      return false
    case 'hang':
      response.writeHead(200, { 'content-type': contentType, 'content-length': body.length })
      response.write(body.subarray(0, fault.afterBytes))
      return true
    case 'silence':
      return true
    case 'reset':
      response.socket?.resetAndDestroy()
      return true
    case 'endless':
      response.writeHead(200, { 'content-type': contentType })
      pourForEver(response)
      return true
  }
}

function cut(options: {
  readonly response: ServerResponse
  readonly contentType: string
  readonly body: Uint8Array
  readonly fraction: number
  readonly framing: 'length' | 'chunked' | 'close'
}): void {
  const { response, contentType, body, framing } = options
  const part = body.subarray(0, Math.floor(body.length * options.fraction))
  if (framing === 'close') {
    // Written by hand: node would add chunked framing, which tells an early end apart.
    response.socket?.end(
      Buffer.concat([
        Buffer.from(`HTTP/1.1 200 OK\r\nContent-Type: ${contentType}\r\nConnection: close\r\n\r\n`),
        part,
      ]),
    )
    return
  }
  const length = framing === 'length' ? { 'content-length': body.length } : {}
  response.writeHead(200, { 'content-type': contentType, ...length })
  response.flushHeaders()
  const close = () => response.socket?.destroySoon()
  if (part.length === 0) close()
  else response.write(part, close)
}

function pourForEver(response: ServerResponse): void {
  const chunk = Buffer.alloc(64 * 1024, 0x47)
  const pour = () => {
    while (!response.destroyed && response.write(chunk)) {
      // Until the socket is full; 'drain' goes on.
    }
  }
  response.on('drain', pour)
  pour()
}
