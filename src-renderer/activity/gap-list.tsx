import type { RecordingSummary } from '../../src-preload/contract/model'
import type { GapSpan } from '../timeline/hit-test'
import { gapText } from '../timeline/tip-text'
import { formatDay } from '../ui/format'
import { texts } from '../ui/texts'
import { useNow } from '../ui/use-now'

const MOST_SHOWN = 100

/** Gaps, newest first, each with its cause; a click goes to the footage after it. */
export function GapList(props: {
  recording: RecordingSummary
  gaps: readonly GapSpan[]
  onOpen: (ms: number) => void
}) {
  const { recording, gaps, onOpen } = props
  const today = formatDay(useNow(false))
  if (gaps.length === 0) return <p className="soft">{noGaps(recording)}</p>
  const shown = gaps.slice(-MOST_SHOWN).toReversed()
  return (
    <ul className="stretch-list" data-testid="gap-list">
      {shown.map((gap) => {
        const day = formatDay(gap.fromMs)
        return (
          <li key={`${gap.fromMs}-${gap.toMs}`}>
            <button
              type="button"
              className="stretch-row"
              data-cause={gap.cause}
              onClick={() => onOpen(gap.fromMs)}
            >
              <span className="gap-swatch" aria-hidden />
              <span>
                {day === today ? '' : `${day} `}
                {gapText(gap)}
                <span className="soft stretch-detail">
                  {texts.activity.because(texts.gapCauses[gap.cause])}
                </span>
              </span>
            </button>
          </li>
        )
      })}
      {gaps.length > MOST_SHOWN && (
        <li className="soft">{texts.activity.more(gaps.length - MOST_SHOWN)}</li>
      )}
    </ul>
  )
}

function noGaps({ segments, outstandingSec = 0 }: RecordingSummary): string {
  const words = texts.activity.noGaps
  if (outstandingSec > 0) return words.outstanding
  return segments === 0 ? words.empty : words.complete
}
