import type { Clock } from '../../ports/clock'
import { watchSlow } from '../tell-if-slow'
import type { OnTrouble } from '../trouble'

/**
 * One attempt to fetch a segment, told of while nothing of it comes.
 *
 * @param options.onSlow told once; `nextTryMs` is the wall clock at which the request is given up.
 * @throws what `download` throws.
 */
export async function toldDownload<T>(
  options: { readonly clock: Clock; readonly onSlow: OnTrouble },
  download: (onFirstByte: () => void) => Promise<T>,
): Promise<T> {
  const { clock, onSlow } = options
  const answered = watchSlow({ kind: 'segment', clock, holdMs: 0, onSlow })
  try {
    return await download(answered)
  } finally {
    answered()
  }
}
