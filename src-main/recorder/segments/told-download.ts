import type { Clock } from '../../ports/clock'
import { watchSlow } from '../tell-if-slow'
import type { OnTrouble } from '../trouble'
import { downloadSegment } from './download-segment'

type Download = Omit<Parameters<typeof downloadSegment>[0], 'onFirstByte'>

/**
 * One attempt to fetch a segment, told of while nothing of it comes.
 *
 * @param options.onSlow told once; `nextTryMs` is the wall clock at which the request is given up.
 * @throws as `downloadSegment`.
 */
export async function toldDownload(
  options: Download & { readonly clock: Clock; readonly onSlow: OnTrouble },
): ReturnType<typeof downloadSegment> {
  const { clock, onSlow, ...download } = options
  const answered = watchSlow({ kind: 'segment', clock, holdMs: 0, onSlow })
  try {
    return await downloadSegment({ ...download, onFirstByte: answered })
  } finally {
    answered()
  }
}
