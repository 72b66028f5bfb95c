import http from 'node:http'
import https from 'node:https'
import type { CDPSession } from 'playwright'
import type { createProtocol } from './protocol'
import type { Schemes } from './schemes'

/** The part of CDP's Fetch.requestPaused that is used. */
interface PausedRequest {
  readonly requestId: string
  readonly frameId: string
  readonly resourceType: string
  readonly request: {
    readonly url: string
    readonly method: string
    readonly headers: Readonly<Record<string, string>>
    readonly postDataEntries?: readonly { readonly bytes?: string }[]
  }
}

interface Answer {
  readonly status: number
  readonly headers: readonly (readonly [string, string])[]
  readonly body: Buffer
}

/**
 * Everything that one window requests. Own schemes go to the application's protocol handler. Requests of the interface to
 * other origins are made from here, with the origin that Electron would send; Chromium still applies CORS and CSP to the answer.
 */
export async function routeRequests(options: {
  cdp: CDPSession
  schemes: Schemes
  protocol: ReturnType<typeof createProtocol>
  /** True lets the main frame go there. */
  mayNavigate: (url: string) => boolean
}): Promise<void> {
  const { cdp, schemes, protocol, mayNavigate } = options
  const tree = await cdp.send('Page.getFrameTree')
  const mainFrameId = tree.frameTree.frame.id

  const answer = async (paused: PausedRequest): Promise<void> => {
    const { requestId, resourceType, frameId, request } = paused
    const url = schemes.fromPage(request.url)
    if (resourceType === 'Document' && frameId === mainFrameId && !mayNavigate(url)) {
      await cdp.send('Fetch.failRequest', { requestId, errorReason: 'Aborted' })
      return
    }
    const result =
      url === request.url
        ? await forward(paused, schemes)
        : await askProtocol(paused, url, protocol)
    if (result === undefined) {
      await cdp.send('Fetch.failRequest', { requestId, errorReason: 'ConnectionRefused' })
      return
    }
    await cdp.send('Fetch.fulfillRequest', {
      requestId,
      responseCode: result.status,
      responseHeaders: result.headers.map(([name, value]) => ({ name, value })),
      body: result.body.toString('base64'),
    })
  }

  cdp.on('Fetch.requestPaused', (paused) => {
    answer(paused).catch((error: unknown) => {
      // A window that closes takes its requests with it.
      if (!/closed|Invalid InterceptionId/.test(String(error)))
        console.error('electron-host:', error)
    })
  })
  await cdp.send('Fetch.enable', { patterns: [{ urlPattern: '*' }] })
}

async function askProtocol(
  paused: PausedRequest,
  url: string,
  protocol: ReturnType<typeof createProtocol>,
): Promise<Answer | undefined> {
  const handler = protocol.handlerOf(url)
  if (handler === undefined) return undefined
  const { method, headers } = paused.request
  const body = method === 'GET' || method === 'HEAD' ? null : new Uint8Array(bodyOf(paused))
  const response = await handler(new Request(url, { method, headers: { ...headers }, body }))
  return {
    status: response.status,
    headers: [...response.headers],
    body: Buffer.from(await response.arrayBuffer()),
  }
}

function bodyOf(paused: PausedRequest): Buffer {
  return Buffer.concat(
    (paused.request.postDataEntries ?? []).map(({ bytes = '' }) => Buffer.from(bytes, 'base64')),
  )
}

/** Undefined when the server cannot be reached. */
function forward(paused: PausedRequest, schemes: Schemes): Promise<Answer | undefined> {
  const { url, method } = paused.request
  const pageOrigin = headerOf(paused, 'origin')
  const appOrigin = pageOrigin === undefined ? undefined : schemes.fromPage(pageOrigin)
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(paused.request.headers)) {
    headers[name.toLowerCase()] = value
  }
  if (appOrigin !== undefined) headers.origin = appOrigin
  if (headers.referer !== undefined) headers.referer = schemes.fromPage(headers.referer)
  // The network service adds these, behind the point where the request is taken over.
  headers['sec-fetch-site'] = 'cross-site'
  headers['sec-fetch-mode'] = pageOrigin === undefined ? 'no-cors' : 'cors'
  headers['accept-encoding'] = 'identity'

  return new Promise((resolve) => {
    const request = (url.startsWith('https:') ? https : http).request(
      url,
      { method, headers },
      (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('error', () => {
          resolve(undefined)
        })
        response.on('end', () => {
          resolve({
            status: response.statusCode ?? 502,
            headers: pairs(response.rawHeaders).map(([name, value]) =>
              // The server named Electron's origin; Chromium compares with the one it knows.
              name.toLowerCase() === 'access-control-allow-origin' && value === appOrigin
                ? [name, pageOrigin ?? value]
                : [name, value],
            ),
            body: Buffer.concat(chunks),
          })
        })
      },
    )
    request.on('error', () => {
      resolve(undefined)
    })
    request.end(bodyOf(paused))
  })
}

function headerOf(paused: PausedRequest, wanted: string): string | undefined {
  return Object.entries(paused.request.headers).find(([name]) => name.toLowerCase() === wanted)?.[1]
}

function pairs(flat: readonly string[]): (readonly [string, string])[] {
  return flat.flatMap((name, at) => (at % 2 === 0 ? [[name, flat[at + 1] ?? ''] as const] : []))
}
