import type { RecordingSummary } from '../../src-preload/contract/model'
import { useIsAway } from './services-context'
import { StateBadge } from '../library/state-badge'
import { useNow } from '../ui/use-now'
import { formatMoment, formatPercent, formatSpan } from '../ui/format'
import { ErrorMessage } from '../ui/error-message'
import { texts } from '../ui/texts'

/** Title, true state and completeness of the open recording. */
export function RecordingHeader({ recording }: { recording: RecordingSummary }) {
  const { title, state, completeness, segments, reason } = recording
  const away = useIsAway()
  return (
    <div className="recording-header">
      <h2 title={recording.sourceUrl}>{title}</h2>
      <StateBadge recording={recording} />
      {segments > 0 && (
        <span className="soft figures">
          {texts.library.complete(formatPercent(completeness))}
          {lacking(recording)}
        </span>
      )}
      {!away && reason?.cause !== undefined && state !== 'stopping' && (
        <div className="recording-reason">
          <ErrorMessage error={reason.cause} />
          <ReasonTimes sinceMs={reason.sinceMs} nextTryMs={reason.nextTryMs} />
        </div>
      )}
    </div>
  )
}

/** What is missing for good, and what may still come: `, 2 gaps, 11 s; 42 s outstanding`. */
function lacking({ gaps, gapSec, outstandingSec = 0 }: RecordingSummary): string {
  const missing = gaps > 0 ? `, ${texts.library.gaps(gaps)}, ${formatSpan(gapSec)}` : ''
  const late =
    outstandingSec > 0 ? `; ${texts.library.outstanding(formatSpan(outstandingSec))}` : ''
  return missing + late
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
