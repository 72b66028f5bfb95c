import type { RecordingSummary } from '../../src-preload/contract/model'
import { useIsAway } from '../app/services-context'
import { isTroubled, stateSentence, stateWords } from './state-words'
import { texts } from '../ui/texts'

/** The state in words, with a dot. While VSR does not answer, nobody knows it. `short`: where there is little room. */
export function StateBadge(props: { recording: RecordingSummary; short?: boolean }) {
  const { recording, short = false } = props
  const { state } = recording
  const away = useIsAway()
  const known = short && isTroubled(recording) ? texts.troubled.short : stateWords(recording)
  const words = away ? texts.connection.unknownState : known
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
