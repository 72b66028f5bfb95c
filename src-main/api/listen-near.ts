import type { FastifyInstance } from 'fastify'
import { VsrError } from '../../src-preload/contract/errors'

/** Ports tried after the wanted one before any free one will do. */
const NEXT_PORTS = 5

/**
 * Listens on the wanted port, else on one of the next, else on any. Returns the true port. Throws
 * VsrError `port_unavailable`.
 */
export async function listenNear(options: {
  readonly app: FastifyInstance
  readonly host: string
  readonly port: number
}): Promise<number> {
  const { app, host, port } = options
  const near = Array.from({ length: NEXT_PORTS + 1 }, (_, step) => port + step)
  const candidates = port === 0 ? [0] : [...near.filter((one) => one < 65_536), 0]
  let cause: unknown
  for (const candidate of candidates) {
    try {
      await app.listen({ host, port: candidate })
      const address = app.server.address()
      if (address === null || typeof address === 'string') throw new Error('no port')
      return address.port
    } catch (error) {
      cause = error
      if (!isTaken(error)) break
    }
  }
  throw new VsrError('port_unavailable', `VSR cannot listen on ${host}, port ${port}.`, {
    hint: 'Choose another address with --host, or another port with --port.',
    cause,
  })
}

function isTaken(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return code === 'EADDRINUSE' || code === 'EACCES'
}
