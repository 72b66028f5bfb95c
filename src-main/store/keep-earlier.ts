import { dirname, join } from 'node:path'
import { z } from 'zod'
import { readIfThere, writeDurably } from './durable-files'
import type { FilePort } from './file-port'
import { earlierName } from './paths'

const versionSchema = z.object({ version: z.number().int().min(1).max(999) })

/** The version that a file says it has; undefined for anything that says none. Pure. */
function versionOf(data: Uint8Array): number | undefined {
  try {
    return versionSchema.parse(JSON.parse(Buffer.from(data).toString())).version
  } catch {
    // What is no file of VSR has no version.
    return undefined
  }
}

/**
 * Leaves a copy of a file beside it before a later version takes its place, so that the way back is open: `<name>.v<version>.json`.
 * A copy of the same version that was left before makes room: the last one is the truest. Does nothing where the file has that version
 * already. Durable when it resolves; rejects with an errno error.
 * @param options.path ends in `.json`.
 */
export async function keepEarlier(options: {
  readonly files: FilePort
  readonly path: string
  /** Of what will be written. */
  readonly version: number
}): Promise<void> {
  const { files, path, version } = options
  const data = await readIfThere(files, path)
  const before = data === undefined ? undefined : versionOf(data)
  if (data === undefined || before === undefined || before >= version) return
  await writeDurably({ files, path: join(dirname(path), earlierName(path, before)), data })
}
