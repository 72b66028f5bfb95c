import type { RecordingSummary } from '../../src-preload/contract/model'
import { useIsAway } from '../app/services-context'
import { isTroubled, stateSentence, stateWords } from './state-words'
import { texts } from '../ui/texts'

/** The state in words, with a dot. While VSR does not answer, nobody knows it. */
export function StateBadge({ recording }: { recording: RecordingSummary }) {
  const { state } = recording
  const away = useIsAway()
  const words = away ? texts.connection.unknownState : stateWords(recording)
  const sentence = away ? texts.connection.unknownStateHint : stateSentence(recording)
  return (
    <span
      className="state-badge"
      data-state={away ? 'unknown' : state}
      data-troubled={isTroubled(recording) && !away}
      title={sentence}
    >
      <span className="state-dot" aria-hidden />
      <span className="state-words">{words}</span>
    </span>
  )
}
