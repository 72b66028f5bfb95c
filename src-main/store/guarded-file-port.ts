import type { VsrError } from '../../src-preload/contract/errors'
import type { FilePort } from './file-port'

/**
 * A port that changes nothing while `refusal` names a reason: a library open for reading, or one
 * whose lock was lost to another process. Reading goes on.
 */
export function guardedFilePort(options: {
  readonly files: FilePort
  readonly refusal: () => VsrError | undefined
}): FilePort {
  const { files, refusal } = options
  const check = (): void => {
    const reason = refusal()
    if (reason !== undefined) throw reason
  }
  return {
    ...files,
    async open(path, mode, permissions) {
      if (mode !== 'read') check()
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
      check()
      await files.rename(from, to)
    },
    async unlink(path) {
      check()
      await files.unlink(path)
    },
    async makeFolder(path) {
      check()
      await files.makeFolder(path)
    },
    async removeFolder(path) {
      check()
      await files.removeFolder(path)
    },
  }
}
