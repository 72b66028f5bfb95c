import { Worker } from 'node:worker_threads'
import { VsrError } from '../../../src-preload/contract/errors'
import { unreadable } from './playlist-error'
import { type ParseReply, type ParseRequest, parseReplySchema, READY } from './worker-protocol'

/** The thread's own heap; a playlist of 5 MB needs a tenth of it. */
const HEAP_MB = 256
const START_TIMEOUT_MS = 15_000

export interface ParserThread {
  /** Rejects only when the thread is lost: out of time, out of memory, ended. The caller then ends it. */
  ask(request: ParseRequest, timeoutMs: number): Promise<ParseReply>
  end(): Promise<void>
}

/** Starts a parser thread. It holds the process only while it has a question to answer. */
export function startParserThread(workerFile: URL | string): ParserThread {
  const worker = new Worker(workerFile, {
    name: 'playlist-parser',
    env: {},
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
  })
  let ready = false
  let lost: VsrError | undefined
  let waiting:
    | { readonly onMessage: (message: unknown) => void; readonly onLost: (error: Error) => void }
    | undefined

  const lose = (error: VsrError): void => {
    lost ??= error
    waiting?.onLost(lost)
  }
  worker.on('message', (message: unknown) => {
    if (message === READY) ready = true
    waiting?.onMessage(message)
  })
  worker.on('error', (cause) => {
    lose(
      ready
        ? unreadable('its parser gave up', cause)
        : new VsrError('internal', 'The playlist parser could not be started.', { cause }),
    )
  })
  worker.on('exit', () => lose(new VsrError('cancelled', 'The playlist parser was closed.')))

  /** The next message, which has to come within `timeoutMs`. */
  const nextMessage = (timeoutMs: number): Promise<unknown> =>
    new Promise((resolve, reject) => {
      if (lost !== undefined) {
        reject(lost)
        return
      }
      const timer = setTimeout(() => lose(unreadable('it takes too long to read')), timeoutMs)
      const settle = (): void => {
        clearTimeout(timer)
        waiting = undefined
      }
      waiting = {
        onMessage: (message) => {
          settle()
          resolve(message)
        },
        onLost: (error) => {
          settle()
          reject(error)
        },
      }
    })

  worker.unref()
  return {
    async ask(request, timeoutMs) {
      worker.ref()
      try {
        if (!ready) await nextMessage(START_TIMEOUT_MS)
        const reply = nextMessage(timeoutMs)
        worker.postMessage(request)
        return parseReplySchema.parse(await reply)
      } finally {
        worker.unref()
      }
    },
    async end() {
      await worker.terminate()
    },
  }
}
