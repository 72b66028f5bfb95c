import type { RecordingState } from '../../src-preload/contract/model'
import { useIsAway } from '../app/services-context'
import { texts } from '../ui/texts'

/** The state in words, with a dot. While VSR does not answer, nobody knows it. */
export function StateBadge({ state }: { state: RecordingState }) {
  const away = useIsAway()
  const words = away ? texts.connection.unknownState : texts.states[state]
  const sentence = away ? texts.connection.unknownStateHint : texts.stateSentences[state]
  return (
    <span className="state-badge" data-state={away ? 'unknown' : state} title={sentence}>
      <span className="state-dot" aria-hidden />
      {words}
    </span>
  )
}
