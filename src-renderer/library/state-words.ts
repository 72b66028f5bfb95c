import type { RecordingSummary } from '../../src-preload/contract/model'
import { texts } from '../ui/texts'

type Shown = Pick<RecordingSummary, 'state' | 'reason' | 'sourceEnded'>
type Told = Shown & Pick<RecordingSummary, 'segments' | 'completeness' | 'soundGapSec'>

/** Its source has not started yet, or has ended and may start again. */
export const isWaiting = ({ state, reason }: Shown): boolean =>
  state === 'resolving' && reason?.cause?.code === 'not_live'

/** It goes on, but something of the source cannot be had at the moment. */
export const isTroubled = ({ state, reason }: Shown): boolean =>
  state === 'recording' && reason?.cause !== undefined

/** What a recording does, in a word or two. */
export function stateWords(recording: Shown): string {
  if (isWaiting(recording)) return texts.waiting.state
  if (recording.state === 'stopped' && recording.sourceEnded === true) return texts.ended
  return isTroubled(recording) ? texts.troubled.state : texts.states[recording.state]
}

/** The same as a sentence. */
export function stateSentence(recording: Told): string {
  if (isWaiting(recording)) return texts.waiting.sentence
  if (recording.state === 'stopped') return stoppedSentence(recording)
  return isTroubled(recording) ? texts.troubled.sentence : texts.stateSentences[recording.state]
}

function stoppedSentence({ segments, completeness, soundGapSec = 0 }: Told): string {
  if (segments === 0) return texts.stoppedSentences.empty
  return completeness < 1 || soundGapSec > 0
    ? texts.stoppedSentences.incomplete
    : texts.stateSentences.stopped
}
