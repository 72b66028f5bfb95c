import type { RecordingSummary } from '../../src-preload/contract/model'
import { useIsAway } from '../app/services-context'
import { texts } from '../ui/texts'

/** The state in words, with a dot. While VSR does not answer, nobody knows it. */
export function StateBadge({ recording }: { recording: RecordingSummary }) {
  const { state, reason } = recording
  const away = useIsAway()
  const isTroubled = state === 'recording' && reason?.cause !== undefined
  const known = isTroubled ? texts.troubled : texts.states[state]
  const words = away ? texts.connection.unknownState : known
  const sentence = away ? texts.connection.unknownStateHint : texts.stateSentences[state]
  return (
    <span
      className="state-badge"
      data-state={away ? 'unknown' : state}
      data-troubled={isTroubled && !away}
      title={sentence}
    >
      <span className="state-dot" aria-hidden />
      {words}
    </span>
  )
}
