import type { RecordingState } from '../../src-preload/contract/model'
import { texts } from '../ui/texts'

/** The state in words, with a dot. */
export function StateBadge({ state }: { state: RecordingState }) {
  return (
    <span className="state-badge" data-state={state} title={texts.stateSentences[state]}>
      <span className="state-dot" aria-hidden />
      {texts.states[state]}
    </span>
  )
}
