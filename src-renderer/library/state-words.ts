import type { RecordingSummary } from '../../src-preload/contract/model'
import { texts } from '../ui/texts'

type Shown = Pick<RecordingSummary, 'state' | 'reason'>

/** Its source has not started yet, or has ended and may start again. */
const isWaiting = ({ state, reason }: Shown): boolean =>
  state === 'resolving' && reason?.cause?.code === 'not_live'

/** What a recording does, in a word or two. */
export function stateWords(recording: Shown): string {
  if (isWaiting(recording)) return texts.waiting.state
  const isTroubled = recording.state === 'recording' && recording.reason?.cause !== undefined
  return isTroubled ? texts.troubled : texts.states[recording.state]
}

/** The same as a sentence. */
export function stateSentence(recording: Shown): string {
  return isWaiting(recording) ? texts.waiting.sentence : texts.stateSentences[recording.state]
}
