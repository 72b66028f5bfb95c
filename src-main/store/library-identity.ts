import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { z } from 'zod'
import { VsrError } from '../../src-preload/contract/errors'
import { readIfThere, writeDurably } from './durable-files'
import type { FilePort } from './file-port'
import { IDENTITY_NAME } from './paths'
import { errnoOf } from './store-error'

const schema = z.object({ version: z.literal(1), id: z.string().regex(/^[0-9a-f]{32}$/) })

/**
 * Tells a library's folder from another one under the same name: from the bare mount point of a disk that went away, or from another
 * disk that was mounted there (F33). Only as long as a process has it open: a copy of a library may have the same.
 */
export interface LibraryIdentity {
  /** Whether the folder is the library that was opened, at this moment. Never rejects. */
  isThere(): Promise<boolean>
}

/** Reads the mark of a library, or gives it one. Rejects with an errno error. */
export async function openIdentity(files: FilePort, root: string): Promise<LibraryIdentity> {
  const path = join(root, IDENTITY_NAME)
  const known = await readId(files, path)
  const id = known ?? randomBytes(16).toString('hex')
  if (known === undefined) {
    const data = Buffer.from(`${JSON.stringify({ version: 1, id })}\n`)
    await writeDurably({ files, path, data })
  }
  return {
    async isThere() {
      try {
        return (await readId(files, path)) === id
      } catch (cause) {
        if (errnoOf(cause) === undefined) throw cause
        // The disk does not answer, or its folder is a file by now: that is not the library.
        return false
      }
    },
  }
}

/** Undefined where there is none, or one that cannot be read: nothing depends on it beyond one process. */
async function readId(files: FilePort, path: string): Promise<string | undefined> {
  const data = await readIfThere(files, path)
  if (data === undefined) return undefined
  try {
    return schema.parse(JSON.parse(Buffer.from(data).toString())).id
  } catch {
    return undefined
  }
}

/** What a person is told while the folder is another one. */
export const libraryAwayError = (root: string): VsrError =>
  new VsrError('library_unwritable', `The library is not there any more (${root}).`, {
    hint: 'Connect the disk that holds it. What is recorded goes on by itself then.',
  })
