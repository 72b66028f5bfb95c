import { dirname } from 'node:path'
import type { VsrError } from '../../src-preload/contract/errors'
import type { FilePort } from './file-port'

/**
 * A port that changes nothing while `refusal` names a reason: a library open for reading, or one
 * whose lock was lost to another process. Reading goes on.
 *
 * @param options.root changes of what lies in this folder itself wait for `rootRefusal`, too: below it, the folders that are missing
 * refuse by themselves (F33).
 */
export function guardedFilePort(options: {
  readonly files: FilePort
  readonly refusal: () => VsrError | undefined
  readonly root?: string
  readonly rootRefusal?: () => Promise<VsrError | undefined>
}): FilePort {
  const { files, refusal, root, rootRefusal } = options
  const check = (): void => {
    const reason = refusal()
    if (reason !== undefined) throw reason
  }
  const checkPlace = async (path: string): Promise<void> => {
    check()
    const reason = dirname(path) === root ? await rootRefusal?.() : undefined
    if (reason !== undefined) throw reason
  }
  return {
    ...files,
    async open(path, mode, permissions) {
      if (mode !== 'read') await checkPlace(path)
      const file = await files.open(path, mode, permissions)
      return {
        ...file,
        async write(data) {
          check()
          await file.write(data)
        },
        async truncate(bytes) {
          check()
          await file.truncate(bytes)
        },
      }
    },
    async rename(from, to) {
      await checkPlace(to)
      await files.rename(from, to)
    },
    async unlink(path) {
      await checkPlace(path)
      await files.unlink(path)
    },
    async makeFolder(path) {
      await checkPlace(path)
      await files.makeFolder(path)
    },
    async removeFolder(path) {
      await checkPlace(path)
      await files.removeFolder(path)
    },
  }
}
