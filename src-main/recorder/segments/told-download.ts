import type { Clock } from '../../ports/clock'
import { tellIfSlow } from '../tell-if-slow'
import type { OnTrouble } from '../trouble'
import { whenAborted } from '../when-aborted'
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
  const answered = new AbortController()
  const media = downloadSegment({ ...download, onFirstByte: () => answered.abort() })
  const answer = Promise.race([media, whenAborted(answered.signal)])
  const telling = tellIfSlow({ kind: 'segment', clock, holdMs: 0, onSlow }, answer)
  const [done] = await Promise.allSettled([media, telling])
  if (done.status === 'rejected') throw done.reason
  return done.value
}
