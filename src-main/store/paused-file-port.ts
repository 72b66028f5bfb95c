import type { VsrError } from '../../src-preload/contract/errors'
import type { FilePort } from './file-port'

/**
 * A port that begins no new media file while there is a reason: rows and notes are still written, and files that were begun
 * become whole. So a disk is never filled to its last block, and what is known can be noted.
 */
export function pausedFilePort(options: {
  readonly files: FilePort
  readonly reason: () => VsrError | undefined
}): FilePort {
  const { files, reason } = options
  return {
    ...files,
    async open(path, mode, permissions) {
      const refusal = mode === 'bulk' ? reason() : undefined
      if (refusal !== undefined) throw refusal
      return files.open(path, mode, permissions)
    },
  }
}
