import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { WebSocket } from 'ws'
import { type VsrEvent, eventSchema } from '../../../src-preload/contract/events'
import type { MethodInput, MethodName, MethodOutput } from '../../../src-preload/contract/methods'
import { startProcess, words } from '../../support/processes'
import { waitUntil } from '../../support/wait-until'

/** The built `vsr serve`, as it is used: driven over its API and its events. */
export interface VsrServer {
  readonly pid: number
  readonly libraryDir: string
  call<M extends MethodName>(method: M, input: MethodInput<M>): Promise<MethodOutput<M>>
  /** One figure of /metrics; `name` with its labels. */
  metric(name: string): Promise<number>
  stop(): Promise<void>
  /** As a crash ends it: nothing is said or written any more. */
  kill(): Promise<void>
}

/**
 * Starts it over the library in `work`, which is empty the first time.
 * @param options.nodeArgs for Node itself, such as `--cpu-prof`.
 */
export async function startVsrServer(options: {
  readonly work: string
  readonly nodeArgs?: readonly string[]
  readonly onEvent?: (event: VsrEvent) => void
}): Promise<VsrServer> {
  const { work, nodeArgs = [], onEvent } = options
  const libraryDir = path.join(work, 'library')
  mkdirSync(libraryDir, { recursive: true })
  const server = await startProcess({
    command: process.execPath,
    args: [...nodeArgs, 'build/vsr.mjs', ...words('serve --json --port 0 --library'), libraryDir],
  })
  const listening = await waitUntil({
    what: 'vsr serve to listen',
    check: () => {
      if (!server.running) throw new Error(`vsr serve ended: ${server.stderr}`)
      return /^\{.*"event":"listening".*\}$/m.exec(server.stdout)?.[0]
    },
  })
  // The contract of `--json`: this line has both.
  const { url, token } = JSON.parse(listening) as { url: string; token: string }
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  const socket = new WebSocket(
    `${url.replace(/^http/, 'ws')}api/v1/events?token=${encodeURIComponent(token)}`,
  )
  socket.on('message', (data: Buffer) => {
    onEvent?.(eventSchema.parse(JSON.parse(data.toString())))
  })

  return {
    pid: server.pid,
    libraryDir,
    async call<M extends MethodName>(method: M, input: MethodInput<M>) {
      const answer = await fetch(`${url}api/v1/${method}`, {
        method: 'POST',
        headers,
        body: JSON.stringify(input),
      })
      const text = await answer.text()
      // What the server sends has passed the contract there.
      const reply = JSON.parse(text) as { ok: boolean; value: MethodOutput<M> }
      if (!reply.ok) throw new Error(text)
      return reply.value
    },
    async metric(name) {
      const text = await (await fetch(`${url}metrics`, { headers })).text()
      const line = text.split('\n').find((candidate) => candidate.startsWith(`${name} `))
      if (line === undefined) throw new Error(`/metrics has no ${name}`)
      return Number(line.slice(name.length))
    },
    async stop() {
      socket.close()
      await server.stop({ signal: 'SIGTERM', deadlineMs: 30_000 })
    },
    async kill() {
      socket.terminate()
      await server.stop({ signal: 'SIGKILL' })
    },
  }
}
