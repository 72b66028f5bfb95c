import { useStore } from 'zustand'
import type { RecordingSummary } from '../../src-preload/contract/model'
import { useIsAway, useSelectedRecording, useServices } from '../app/services-context'
import { ReasonTimes } from '../app/status-line'
import { StateBadge } from '../library/state-badge'
import { isWaiting, stateSentence } from '../library/state-words'
import { isRunning } from '../stores/recordings-store'
import { Drawer } from '../ui/drawer'
import { clockOf } from '../timeline/spans'
import { ErrorMessage } from '../ui/error-message'
import { formatBytes, formatLength, formatMoment, formatPercent, formatSpan } from '../ui/format'
import { texts } from '../ui/texts'
import { useNow } from '../ui/use-now'
import './activity.css'
import { ActivityList } from './activity-list'
import { GapList } from './gap-list'
import { KeepWaiting } from './keep-waiting'
import { PinList } from './pin-list'
import { SideGaps, TrackTroubles } from './side-tracks'
import { SpanList } from './span-list'

/** What the open recording is doing, and what it is missing. */
export function ActivityDrawer() {
  const recording = useSelectedRecording()
  return (
    <Drawer title={texts.activity.title}>
      {recording === undefined ? (
        <p className="soft">{texts.activity.none}</p>
      ) : (
        <RecordingActivity recording={recording} />
      )}
    </Drawer>
  )
}

function RecordingActivity({ recording }: { recording: RecordingSummary }) {
  const { timeline, details, player } = useServices()
  const detail = useStore(details.store, (state) => state.detail)
  const gaps = useStore(timeline.store, (state) => state.timeline?.gaps)
  const spans = useStore(timeline.store, (state) => state.timeline?.spans)
  const away = useIsAway()
  const reason = away ? undefined : recording.reason
  return (
    <>
      <div className="activity-head">
        <span className="recording-title">{recording.title}</span>
        <StateBadge recording={recording} />
      </div>
      <div className="activity-state">
        {reason?.cause === undefined ? (
          <p>{away ? texts.connection.unknownStateHint : stateSentence(recording)}</p>
        ) : isWaiting(recording) ? (
          <p>{[reason.cause.message, reason.cause.hint].join(' ')}</p>
        ) : (
          <ErrorMessage error={reason.cause} />
        )}
        {reason !== undefined && (
          <p>
            <ReasonTimes {...reason} nextTryMs={reason.nextTryMs} />
          </p>
        )}
      </div>
      {isRunning(recording) && <KeepWaiting recording={recording} />}
      <Facts recording={recording} />
      {!away && recording.trackTroubles !== undefined && (
        <TrackTroubles troubles={recording.trackTroubles} />
      )}
      {gaps !== undefined && (
        <>
          <h3 className="section-title">{texts.activity.gaps}</h3>
          <GapList recording={recording} gaps={gaps} onOpen={player.seekToMs} />
        </>
      )}
      {detail !== undefined && <SideGaps detail={detail} />}
      {detail !== undefined && detail.pinnedSpans.length > 0 && (
        <>
          <h3 className="section-title">{texts.pins.title}</h3>
          <PinList detail={detail} />
        </>
      )}
      {detail !== undefined && detail.activity.length > 0 && (
        <>
          <h3 className="section-title">{texts.activity.history}</h3>
          <ActivityList activity={detail.activity} />
        </>
      )}
      {spans !== undefined && spans.length > 0 && (
        <>
          <h3 className="section-title">{texts.activity.spans}</h3>
          <SpanList spans={spans} onOpen={player.seekToMs} />
        </>
      )}
    </>
  )
}

function Facts({ recording }: { recording: RecordingSummary }) {
  const { timeline, storage } = useServices()
  const perHour = useStore(
    storage.store,
    (state) => state.storage?.recordings.find(({ id }) => id === recording.id)?.bytesPerHour,
  )
  const clock = useStore(
    timeline.store,
    (state) => state.timeline && clockOf(state.timeline.clocks),
  )
  const words = texts.activity
  const nowMs = useNow(false)
  const rows: (readonly [string, string])[] = [
    [words.source, recording.sourceUrl],
    [words.started, formatMoment(recording.startMs, nowMs)],
    [words.length, formatLength(recording.durationSec)],
    [words.size, formatBytes(recording.bytes)],
    [words.segments, String(recording.segments)],
  ]
  // From the first moment on, so that nothing moves when it is known.
  if (isRunning(recording)) {
    const grows = perHour === undefined ? '–' : texts.storage.anHour(formatBytes(perHour))
    rows.push([texts.storage.growsBy, grows])
  }
  if (recording.latencySec !== undefined) {
    rows.push([words.latency, formatSpan(recording.latencySec)])
  }
  const { gapSec, outstandingSec = 0 } = recording
  const parts = [formatPercent(recording.completeness)]
  if (gapSec > 0) parts.push(words.missing(formatSpan(gapSec)))
  if (outstandingSec > 0) parts.push(texts.library.outstanding(formatSpan(outstandingSec)))
  if (recording.segments > 0 || gapSec > 0 || outstandingSec > 0) {
    rows.push([words.completeness, parts.join(', ')])
  }
  if (clock === 'source') rows.push([words.clock, texts.clocks.source])
  else if (clock !== undefined) rows.push([words.clock, texts.clockHints[clock]])
  return (
    <dl className="facts">
      {rows.map(([name, value]) => (
        <div key={name} className="fact">
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
