import type { GapSpan } from '../timeline/hit-test'
import { formatMoment, formatSpan } from '../ui/format'
import { texts } from '../ui/texts'
import { useNow } from '../ui/use-now'

const MOST_SHOWN = 100

/** Gaps, newest first, each with its cause; a click goes to the footage after it. */
export function GapList(props: { gaps: readonly GapSpan[]; onOpen: (ms: number) => void }) {
  const { gaps, onOpen } = props
  const nowMs = useNow(false)
  if (gaps.length === 0) return <p className="soft">{texts.activity.noGaps}</p>
  const shown = gaps.slice(-MOST_SHOWN).toReversed()
  return (
    <ul className="gap-list">
      {shown.map((gap) => (
        <li key={`${gap.fromMs}-${gap.toMs}`}>
          <button type="button" className="gap-row" onClick={() => onOpen(gap.fromMs)}>
            <span className="gap-swatch" aria-hidden />
            <span>
              {formatMoment(gap.fromMs, nowMs)} · {formatSpan((gap.toMs - gap.fromMs) / 1000)} ·{' '}
              {texts.activity.segmentsMissing(gap.count)}
              <span className="soft gap-cause">{texts.gapCauses[gap.cause]}</span>
            </span>
          </button>
        </li>
      ))}
      {gaps.length > MOST_SHOWN && (
        <li className="soft">{texts.activity.more(gaps.length - MOST_SHOWN)}</li>
      )}
    </ul>
  )
}
