import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'

/** Stands in front of a server and harms what a client sends to it. Counts start when a fault is asked for. */
export interface FaultProxy {
  /** `http://127.0.0.1:port`. */
  readonly url: string
  /** Bytes that came from clients. */
  readonly sentBytes: () => number
  /** Breaks the connection that brings this byte, once. */
  cutAfter(bytes: number): void
  /** Changes this byte, once. */
  flipAfter(bytes: number): void
  /** Takes nothing more from clients from this byte on, until it is told to go on. Resolves when it is reached. */
  holdAfter(bytes: number): Promise<void>
  goOn(): void
  /** Ends the connection that is held, with what is in it. */
  breakHeld(): void
}

/** A proxy on the level of TCP, which knows nothing of what goes through. Ends with the running test. */
export async function startFaultProxy(targetPort: number): Promise<FaultProxy> {
  const sockets = new Set<Socket>()
  let sent = 0
  let cutAt = Number.POSITIVE_INFINITY
  let flipAt = Number.POSITIVE_INFINITY
  let holdAt = Number.POSITIVE_INFINITY
  let onHeld: () => void = () => undefined
  let onGoOn: () => void = () => undefined
  let onBreak: () => void = () => undefined

  const server = createServer((client) => {
    const target = connect(targetPort, '127.0.0.1')
    for (const [one, other] of [
      [client, target],
      [target, client],
    ] as const) {
      sockets.add(one)
      // Connections that break are what this is for: the other side breaks, too.
      one.on('error', () => other.destroy())
      one.on('close', () => {
        sockets.delete(one)
        other.destroy()
      })
    }
    target.pipe(client)
    client.on('data', (chunk: Buffer) => {
      const firstByte = sent
      sent += chunk.length
      if (sent > cutAt) {
        cutAt = Number.POSITIVE_INFINITY
        client.resetAndDestroy()
        return
      }
      if (sent > holdAt) {
        client.pause()
        onGoOn = () => {
          target.write(chunk)
          client.resume()
        }
        onBreak = () => client.resetAndDestroy()
        onHeld()
        return
      }
      if (sent > flipAt) {
        const place = Math.max(0, flipAt - firstByte)
        chunk.writeUInt8(chunk.readUInt8(place) ^ 0xff, place)
        flipAt = Number.POSITIVE_INFINITY
      }
      if (!target.write(chunk)) {
        client.pause()
        target.once('drain', () => client.resume())
      }
    })
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    return new Promise((resolve) => {
      server.close(() => resolve())
    })
  })
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    sentBytes: () => sent,
    cutAfter(bytes) {
      cutAt = sent + bytes
    },
    flipAfter(bytes) {
      flipAt = sent + bytes
    },
    holdAfter(bytes) {
      holdAt = sent + bytes
      return new Promise((resolve) => {
        onHeld = resolve
      })
    },
    goOn() {
      holdAt = Number.POSITIVE_INFINITY
      onGoOn()
      onGoOn = () => undefined
    },
    breakHeld() {
      holdAt = Number.POSITIVE_INFINITY
      onBreak()
      onBreak = () => undefined
    },
  }
}
