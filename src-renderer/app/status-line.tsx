import { TriangleAlert } from 'lucide-react'
import { useStore } from 'zustand'
import type { TrackTrouble } from '../../src-preload/contract/activity'
import type { RecordingSummary } from '../../src-preload/contract/model'
import { troubleSentence } from '../activity/activity-words'
import { lackingTracks } from '../activity/lacking-tracks'
import { isWaiting, stateSentence } from '../library/state-words'
import { formatMoment, formatSpan } from '../ui/format'
import { texts } from '../ui/texts'
import { useNow } from '../ui/use-now'
import { useIsAway, useServices } from './services-context'

/** What the recording is doing, or what is wrong, since when, and when VSR tries again: always in the same place, so that nothing moves when trouble comes and goes. */
export function StatusLine({ recording }: { recording: RecordingSummary }) {
  const { state, reason } = recording
  const away = useIsAway()
  const [trouble] = away || reason?.cause !== undefined ? [] : (recording.trackTroubles ?? [])
  const cause = away || state === 'stopping' ? undefined : reason?.cause
  const lacking = useLacking(recording)
  const known = [stateSentence(recording), lacking].join(' ').trim()
  const sentence = away ? texts.connection.unknownStateHint : known
  const words = cause === undefined ? sentence : [cause.message, cause.hint].join(' ').trim()
  const waits = cause !== undefined && isWaiting(recording)
  return (
    <div
      className="status-line"
      data-state={state}
      data-whole={waits || state === 'failed'}
      data-testid="status-line"
    >
      {trouble !== undefined ? (
        <MissingTrack trouble={trouble} />
      ) : cause === undefined || waits ? (
        <span className="status-words soft">{words}</span>
      ) : (
        <span
          className="status-words error-message"
          role="alert"
          data-testid="error-message"
          data-code={cause.code}
          title={words}
        >
          <TriangleAlert aria-hidden />
          <span className="status-text">
            {cause.message}
            {cause.hint !== undefined && <span className="soft"> {cause.hint}</span>}
          </span>
        </span>
      )}
      {!away && reason !== undefined && (
        <ReasonTimes
          sinceMs={trouble?.sinceMs ?? reason.sinceMs}
          nextTryMs={trouble?.nextTryMs ?? reason.nextTryMs}
          quietSinceMs={reason.quietSinceMs}
        />
      )}
    </div>
  )
}

/** Of one that is over: what its tracks beside the picture lack. */
function useLacking({ id, state }: RecordingSummary): string {
  const { details } = useServices()
  const detail = useStore(details.store, (store) => store.detail)
  return state === 'stopped' && detail?.id === id ? lackingTracks(detail) : ''
}

/** All is well but a track beside the picture. */
function MissingTrack({ trouble }: { trouble: TrackTrouble }) {
  const words = texts.withoutTrack(troubleSentence(trouble))
  return (
    <span
      className="status-words error-message"
      role="alert"
      data-testid="track-trouble"
      data-code={trouble.cause.code}
      title={words}
    >
      <TriangleAlert aria-hidden />
      <span className="status-text">{words}</span>
    </span>
  )
}

/** Since when, and how long until the next try; where the source is quiet, for how long. */
export function ReasonTimes(props: {
  sinceMs: number
  nextTryMs: number | undefined
  quietSinceMs?: number | undefined
}) {
  const { sinceMs, nextTryMs, quietSinceMs } = props
  const nowMs = useNow(nextTryMs !== undefined)
  return (
    <span className="soft reason-times">
      {nextTryMs !== undefined && <NextTry nextTryMs={nextTryMs} />}
      {nextTryMs !== undefined && ' · '}
      {quietSinceMs === undefined
        ? texts.activity.since(formatMoment(sinceMs, nowMs))
        : texts.activity.quiet(formatSpan(Math.max(0, Math.round((nowMs - quietSinceMs) / 1000))))}
    </span>
  )
}

/** Longer waits are told in whole minutes. */
const IN_SECONDS_SEC = 120

/** Counts down to the next try. `short`: where there is little room. */
export function NextTry({ nextTryMs, short = false }: { nextTryMs: number; short?: boolean }) {
  const nowMs = useNow(true)
  const sec = Math.ceil((nextTryMs - nowMs) / 1000)
  const shownSec = sec > IN_SECONDS_SEC ? Math.ceil(sec / 60) * 60 : sec
  const words = short ? texts.library.nextTry : texts.activity.nextTry
  return (
    <span className="next-try" data-testid="next-try">
      {sec <= 0 ? texts.activity.tryingNow : words(formatSpan(shownSec))}
    </span>
  )
}
