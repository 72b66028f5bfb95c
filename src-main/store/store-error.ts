import { VsrError } from '../../src-preload/contract/errors'

/** The errno name of a failed file operation (`ENOSPC`, …); undefined for any other error. */
export function errnoOf(cause: unknown): string | undefined {
  if (!(cause instanceof Error) || !('code' in cause)) return undefined
  return typeof cause.code === 'string' && /^E[A-Z0-9]+$/.test(cause.code) ? cause.code : undefined
}

const DISK_FULL = new Set(['ENOSPC', 'EDQUOT'])

const sentences: Readonly<Record<string, readonly [message: string, hint: string]>> = {
  EACCES: [
    'VSR may not write to the library folder',
    'Give your user the right to write there, or choose another library folder.',
  ],
  EPERM: [
    'VSR may not write to the library folder',
    'Give your user the right to write there, or choose another library folder.',
  ],
  EROFS: [
    'The disk that holds the library can only be read',
    'Choose a library folder on a disk that can be written to.',
  ],
  ENOENT: [
    'The library folder, or a part of it, is not there any more',
    'Connect the disk that holds it, or choose another library folder.',
  ],
  ENOTDIR: [
    'The library folder cannot be used: a file stands where a folder is needed',
    'Choose another library folder.',
  ],
  EMFILE: [
    'Too many files are open to go on writing',
    'Record fewer streams at once, or raise the limit of open files.',
  ],
}

/**
 * A failed file operation as an expected failure: `disk_full` or `library_unwritable`, with a
 * sentence and a hint. Errors that are no errno pass unchanged: they are VsrErrors or bugs.
 */
function toStoreError(cause: unknown, path: string): unknown {
  const errno = errnoOf(cause)
  if (errno === undefined) return cause
  if (DISK_FULL.has(errno)) {
    return new VsrError('disk_full', `The disk that holds the library is full (${path}).`, {
      hint: 'Free some space, delete recordings, or choose a library folder on a larger disk.',
      cause,
    })
  }
  const [message, hint] = sentences[errno] ?? [
    `The disk that holds the library failed (${errno})`,
    'Check the disk, or choose another library folder.',
  ]
  return new VsrError('library_unwritable', `${message} (${path}).`, { hint, cause })
}

/** Runs `work` and throws its file failures as VsrError (see `toStoreError`). */
export async function withStoreErrors<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    throw toStoreError(cause, path)
  }
}
