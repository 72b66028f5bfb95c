import { Low } from 'lowdb'
import type { z } from 'zod'
import { VsrError } from '../../src-preload/contract/errors'
import { systemClock } from '../ports/clock'
import type { Logger } from '../ports/logger'
import { durableJsonAdapter } from './durable-json-adapter'
import type { FilePort } from './file-port'
import { nodeFilePort } from './node-file-port'
import { withStoreErrors } from './store-error'
import { tolerantFilePort } from './tolerant-file-port'

/** A list that goes on after a restart, in a file of its own beside the recordings. */
export interface KeptList<T> {
  all(): readonly T[]
  /** Never rejects: what the list is of goes on, whether it is remembered or not. Mode `read` writes nothing. */
  replace(items: readonly T[]): Promise<void>
}

/** Where such a file lies, and what may be done to it. */
export interface KeptFile {
  readonly file: string
  readonly mode: 'write' | 'read'
  readonly logger: Logger
  /** The library's, so that nothing is written where its disk is missing (F33); the computer's where absent. */
  readonly files?: FilePort
}

/**
 * Opens a list; one that is missing or broken is empty.
 *
 * @param options.schema of the file: an object with the list under `name`.
 * @param options.loss what it means that the list could not be saved, for the log.
 * @throws VsrError `library_unwritable`.
 */
export async function openKeptList<N extends string, T>(
  options: KeptFile & {
    readonly name: N
    readonly schema: z.ZodType<Record<N, T[]>>
    readonly loss: string
  },
): Promise<KeptList<T>> {
  const { file, mode, logger, name, schema, loss } = options
  const files = options.files ?? tolerantFilePort({ files: nodeFilePort, clock: systemClock })
  const adapter = durableJsonAdapter({
    files,
    path: file,
    schema,
    logger,
    keepBroken: mode === 'write',
  })
  const holding = (items: T[]) => ({ [name]: items }) as Record<N, T[]> // computed keys widen to string
  const db = new Low(adapter, holding([]))
  await withStoreErrors(file, () => db.read())

  return {
    all: () => db.data[name],
    async replace(items) {
      db.data = holding([...items])
      if (mode === 'read') return
      try {
        await withStoreErrors(file, () => db.write())
      } catch (err) {
        if (!(err instanceof VsrError)) throw err
        logger.warn({ err }, loss)
      }
    },
  }
}
