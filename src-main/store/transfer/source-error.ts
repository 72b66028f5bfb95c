import { VsrError } from '../../../src-preload/contract/errors'
import { errnoOf } from '../store-error'

/** What is to be imported cannot be read; anything that is no errno passes unchanged. */
export function unreadableSource(path: string, cause: unknown): unknown {
  const errno = errnoOf(cause)
  if (errno === undefined) return cause
  return new VsrError('bad_request', `${path} cannot be read (${errno}).`, { cause })
}

/** Runs `work` on the source and throws its file failures as VsrError `bad_request`. */
export async function withSourceErrors<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    throw unreadableSource(path, cause)
  }
}
