import type { RecordingSummary } from '../../src-preload/contract/model'
import { useIsAway } from './services-context'
import { StateBadge } from '../library/state-badge'
import { useNow } from '../ui/use-now'
import { formatMoment, formatPercent, formatSpan } from '../ui/format'
import { ErrorMessage } from '../ui/error-message'
import { texts } from '../ui/texts'

/** Title, true state and completeness of the open recording. */
export function RecordingHeader({ recording }: { recording: RecordingSummary }) {
  const { title, state, gaps, gapSec, completeness, segments, reason } = recording
  const away = useIsAway()
  return (
    <div className="recording-header">
      <h2 title={recording.sourceUrl}>{title}</h2>
      <StateBadge state={state} />
      {segments > 0 && (
        <span className="soft figures">
          {texts.library.complete(formatPercent(completeness))}
          {gaps > 0 && `, ${texts.library.gaps(gaps)}, ${formatSpan(gapSec)}`}
        </span>
      )}
      {!away &&
        reason?.cause !== undefined &&
        (state === 'stalled' || state === 'failed' || state === 'resolving') && (
          <div className="recording-reason">
            <ErrorMessage error={reason.cause} />
            <ReasonTimes sinceMs={reason.sinceMs} nextTryMs={reason.nextTryMs} />
          </div>
        )}
    </div>
  )
}

/** Since when, and how long until the next try. */
export function ReasonTimes(props: { sinceMs: number; nextTryMs: number | undefined }) {
  const { sinceMs, nextTryMs } = props
  const nowMs = useNow(nextTryMs !== undefined)
  return (
    <span className="soft">
      {texts.activity.since(formatMoment(sinceMs, nowMs))}
      {nextTryMs !== undefined &&
        ` · ${texts.activity.nextTry(Math.ceil((nextTryMs - nowMs) / 1000))}`}
    </span>
  )
}
