import { VsrError } from '../../../src-preload/contract/errors'
import { mayBeLiveLater } from '../../../src-preload/contract/wait-for-live'
import { loadPolicy } from '../../fetch/load-policy'
import { withRetries } from '../../fetch/with-retries'
import type { Clock } from '../../ports/clock'
import type { SourceStream } from './choose-streams'
import { isFatal } from '../gap-cause'
import { notLiveYet } from './not-live'
import type { SourceAccess } from './source-access'
import { type OnTrouble, tellTrouble } from '../trouble'

/**
 * Opens the source, for as long as it takes.
 *
 * @param options.awaitsFirstStart nothing was ever there: whatever it answers may mean that it has not begun, and it is asked politely.
 * @param options.onOffline it has not begun.
 * @throws VsrError where the recording cannot go on (DRM and the like); the signal's reason when aborted.
 */
export async function openSource(options: {
  access: Pick<SourceAccess, 'open' | 'expire'>
  clock: Clock
  random: () => number
  hasFootage: boolean
  awaitsFirstStart: boolean
  signal: AbortSignal
  onTrouble: OnTrouble
  onOffline: () => void
}): Promise<readonly SourceStream[]> {
  const { access, clock, random, hasFootage, awaitsFirstStart, signal } = options
  const kind = awaitsFirstStart ? 'offline-source' : 'playlist'
  const onTrouble: OnTrouble = (error, nextTryMs) => {
    const mayCome = awaitsFirstStart && error instanceof VsrError && mayBeLiveLater(error.code)
    if (!mayCome) {
      options.onTrouble(error, nextTryMs)
      return
    }
    // What the page names today may be another address tomorrow.
    access.expire()
    options.onOffline()
    options.onTrouble(notLiveYet(error), nextTryMs)
  }
  const onFailure = tellTrouble({ clock, onTrouble })
  for (;;) {
    try {
      return await withRetries({ kind, clock, random, signal, onFailure }, () => access.open())
    } catch (error) {
      if (signal.aborted || isFatal(error, { hasFootage }) || !(error instanceof VsrError)) {
        throw error
      }
      access.expire()
      const pauseMs = loadPolicy[kind].hopelessPauseMs
      onTrouble(error, clock.nowMs() + pauseMs)
      await clock.sleep(pauseMs, signal)
    }
  }
}
