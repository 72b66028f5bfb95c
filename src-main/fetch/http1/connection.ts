import type { Socket } from 'node:net'
import { createExchange, type Exchange } from './exchange'
import type { Body } from '../body'
import type { ResponseHead } from './response-head'

/** The part of a socket's options that says where what it reads is put. */
export interface ReadInto {
  readonly buffer: () => Uint8Array
  readonly callback: (bytes: number) => boolean
}

/** Is told what becomes of a request. */
interface Answering {
  onHead(head: ResponseHead, body: Body): void
  /** There is no answer. `isStale`: the server had closed the connection before it heard of the request. */
  onFailure(cause: unknown, isStale: boolean): void
}

/** One connection to a server, for one request at a time. */
export interface Connection {
  /** Sends a request. @returns what ends it, and the connection with it, while it is under way. */
  ask(head: string, answering: Answering): () => void
  /** Nobody uses it: it is closed after `idleMs` milliseconds, and keeps no process alive. */
  rest(idleMs: number): void
  /** Ends it, and the request under way. Idempotent. */
  destroy(): void
}

/** Much at a time: each read costs a trip through the event loop. */
const READ_BYTES = 256 * 1024
/** Where a head may come: what comes right behind it has to be copied, since nobody has asked for the body yet. */
const HEAD_READ_BYTES = 4096

/**
 * Memory for what sockets read. Where a read fills it only when there is something to read, and what was read is done
 * with before the next read, all connections share it, and it stays in the processor's cache. Windows may hold on to it while it waits.
 */
function createReadMemory(): () => Buffer {
  const shared = Buffer.allocUnsafeSlow(READ_BYTES)
  return process.platform === 'win32' ? () => Buffer.allocUnsafeSlow(READ_BYTES) : () => shared
}
const readMemory = createReadMemory()

/**
 * @param options.open begins to connect.
 * @param options.onFree the answer was read to its end, and another request may be sent.
 * @param options.onClosed it is of no use any more.
 */
export function openConnection(options: {
  readonly open: (onread: ReadInto) => Socket
  readonly onFree: (connection: Connection) => void
  readonly onClosed: (connection: Connection) => void
}): Connection {
  const { open, onFree, onClosed } = options
  const memory = readMemory()
  const forHeads = memory.subarray(0, HEAD_READ_BYTES)
  let exchange: Exchange | undefined
  let answered = 0
  let failure: unknown

  const socket = open({
    // Asked after each read for the next one, which may be that of the next answer's head.
    buffer: () => (exchange?.isFlowing === true ? memory : forHeads),
    callback(bytes) {
      if (exchange !== undefined) return exchange.push(memory.subarray(0, bytes))
      // Nobody asked for anything.
      socket.destroy()
      return false
    },
  })
  const connection: Connection = {
    ask(head, answering) {
      const asking = createExchange({
        connection: { resume: () => void socket.resume(), destroy: () => void socket.destroy() },
        onHead: answering.onHead,
        onFailure: (cause) => answering.onFailure(cause, answered > 0 && !asking.hasBegun),
        onDone(isReusable) {
          exchange = undefined
          answered += 1
          if (isReusable && !socket.destroyed) onFree(connection)
          else socket.destroy()
        },
      })
      exchange = asking
      socket.setTimeout(0)
      socket.ref()
      socket.write(head, 'latin1')
      socket.resume()
      return () => {
        if (exchange === asking) socket.destroy()
      }
    },
    rest(idleMs) {
      socket.unref()
      socket.setTimeout(idleMs)
    },
    destroy: () => void socket.destroy(),
  }
  socket.on('timeout', () => socket.destroy())
  socket.on('error', (error) => {
    failure = error
  })
  socket.on('close', () => {
    exchange?.closed(failure)
    exchange = undefined
    onClosed(connection)
  })
  return connection
}
