import type { RecordingSummary } from '../../src-preload/contract/model'
import { useIsAway } from '../app/services-context'
import { stateSentence, stateWords } from './state-words'
import { texts } from '../ui/texts'

/** The state in words, with a dot. While VSR does not answer, nobody knows it. */
export function StateBadge({ recording }: { recording: RecordingSummary }) {
  const { state, reason } = recording
  const away = useIsAway()
  const isTroubled = state === 'recording' && reason?.cause !== undefined
  const words = away ? texts.connection.unknownState : stateWords(recording)
  const sentence = away ? texts.connection.unknownStateHint : stateSentence(recording)
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
