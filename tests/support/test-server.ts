import { connect } from 'node:net'
import { onTestFinished } from 'vitest'
import { createDispatcher } from '../../src-main/api/dispatcher'
import { createHttpHost } from '../../src-main/api/http-host'
import { type Logger, silentLogger } from '../../src-main/ports/logger'
import { createFakeEngine, type FakeEngine } from './fake-engine'
import { createSampleLibrary, type SampleLibrary } from './sample-library'
import { tempDirForTest } from './temp-dir'

export const TEST_TOKEN = '0123456789abcdef0123456789abcdef'

type GetInit = Omit<RequestInit, 'headers'> & { readonly headers?: Record<string, string> }

export interface TestServer {
  readonly library: SampleLibrary
  readonly engine: FakeEngine
  /** Without a trailing slash. */
  readonly origin: string
  readonly port: number
  readonly close: () => Promise<void>
  /** With the token. */
  get(path: string, init?: GetInit): Promise<Response>
  /** Calls an API method with the token. */
  call(method: string, input: unknown): Promise<Response>
}

/** The real server on a free port over a sample library, closed when the running test ends. */
export async function startTestServer(
  options: Partial<Parameters<typeof createHttpHost>[0]> & {
    readonly overrides?: Parameters<typeof createFakeEngine>[0]['overrides']
  } = {},
): Promise<TestServer> {
  const library = createSampleLibrary({ dir: tempDirForTest() })
  const engine = createFakeEngine({
    library,
    ...(options.overrides === undefined ? {} : { overrides: options.overrides }),
  })
  const token = 'token' in options ? options.token : TEST_TOKEN
  const logger: Logger = options.logger ?? silentLogger
  const host = { kind: 'server' as const, serverUrl: () => '', mediaToken: token }
  const dispatcher = createDispatcher({ engine, host, logger })
  const server = createHttpHost({
    engine,
    dispatcher,
    host: '127.0.0.1',
    port: 0,
    ...options,
    token,
    logger,
  })
  const { url, port } = await server.listen()
  onTestFinished(() => server.close())
  const origin = url.replace(/\/$/, '')
  const authorization = { authorization: `Bearer ${token}` }
  return {
    library,
    engine,
    origin,
    port,
    close: () => server.close(),
    get: (path, init = {}) =>
      fetch(`${origin}${path}`, { ...init, headers: { ...authorization, ...init.headers } }),
    call: (method, input) =>
      fetch(`${origin}/api/v1/${method}`, {
        method: 'POST',
        headers: { ...authorization, 'content-type': 'application/json' },
        body: JSON.stringify(input),
      }),
  }
}

/** Sends bytes as they are, which no HTTP client would, and gives back the status and everything that came. */
export function sendRaw(port: number, text: string): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text, 'latin1'))
    const chunks: Buffer[] = []
    socket.on('data', (chunk: Buffer) => chunks.push(chunk))
    socket.on('error', reject)
    socket.on('close', () => {
      const answer = Buffer.concat(chunks).toString('latin1')
      resolve({ status: Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1] ?? 0), text: answer })
    })
  })
}
