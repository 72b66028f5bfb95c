import type { Adapter } from 'lowdb'
import type { z } from 'zod'
import type { Logger } from '../ports/logger'
import { readIfThere, writeDurably } from './durable-files'
import type { FilePort } from './file-port'

/**
 * What lowdb writes through here: its own file adapter never fsyncs and uses one fixed temp name.
 *
 * `read` answers null, which keeps lowdb's defaults, where the file is missing, empty, full of NULs,
 * or not what `schema` wants (F37); with `keepBroken` such a file is kept aside as `<name>.bad`.
 * `write` is durable and runs one at a time; it rejects with errno errors.
 */
export function durableJsonAdapter<T>(options: {
  readonly files: FilePort
  readonly path: string
  readonly schema: z.ZodType<T>
  readonly logger: Logger
  readonly keepBroken: boolean
}): Adapter<T> {
  const { files, path, schema, logger, keepBroken } = options
  let last: Promise<void> = Promise.resolve()

  const setAside = async (cause: unknown): Promise<null> => {
    logger.warn({ path, err: cause }, 'a file of VSR cannot be read and is replaced')
    if (keepBroken) await files.rename(path, `${path}.bad`)
    return null
  }

  return {
    async read() {
      const data = await readIfThere(files, path)
      if (data === undefined) return null
      let parsed: unknown
      try {
        parsed = JSON.parse(Buffer.from(data).toString())
      } catch (cause) {
        return setAside(cause)
      }
      const read = schema.safeParse(parsed)
      return read.success ? read.data : setAside(read.error)
    },
    write(value) {
      const data = Buffer.from(`${JSON.stringify(value, null, 2)}\n`)
      const run = (): Promise<void> => writeDurably({ files, path, data })
      // The one before reported its own failure to its own caller.
      const done = last.then(run, run)
      last = done
      return done
    },
  }
}
