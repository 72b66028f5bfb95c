import { Pin, Square, Trash2 } from 'lucide-react'
import { useStore } from 'zustand'
import type { RecordingSummary } from '../../src-preload/contract/model'
import { useIsAway, useServices } from '../app/services-context'
import { NextTry } from '../app/status-line'
import { isRunning } from '../stores/recordings-store'
import { formatBytes, formatLength, formatMoment, formatPercent } from '../ui/format'
import { IconButton } from '../ui/icon-button'
import { texts } from '../ui/texts'
import { useNow } from '../ui/use-now'
import { needsYes, removeRecording } from './remove-recording'
import { soundLacks } from './sound-lacks'
import { StateBadge } from './state-badge'
import type { StopGuard } from './stop-guard'

/** One recording in the library. */
export function RecordingRow({ id, guard }: { id: string; guard: StopGuard }) {
  const services = useServices()
  const { recordings, selection, ui } = services
  const recording = useStore(recordings.store, (state) => state.byId[id])
  const selected = useStore(selection.store, (state) => state.recordingId === id)
  if (recording === undefined) return null
  const stop = async () => {
    if (!guard.mayStop(id)) return
    const reply = await recordings.stop(id)
    if (!reply.ok) ui.fail(reply.error)
  }
  return (
    <li
      className="recording-row"
      data-testid="recording-row"
      data-id={id}
      data-state={recording.state}
      data-selected={selected}
    >
      <button
        type="button"
        className="recording-open"
        aria-current={selected}
        onClick={() => selection.select(id)}
      >
        <span className="recording-title">{recording.title}</span>
        <span className="recording-state">
          <StateBadge recording={recording} short />
          <StartOrNextTry recording={recording} />
        </span>
        <Figures recording={recording} />
      </button>
      <span className="recording-tools">
        {isRunning(recording) && (
          <IconButton
            label={texts.library.stop(recording.title)}
            testId="stop-button"
            disabled={recording.state === 'stopping'}
            onClick={() => void stop()}
          >
            <Square aria-hidden className="stop-icon" />
          </IconButton>
        )}
        <IconButton
          label={texts.library.remove(recording.title)}
          testId="delete-button"
          tone="danger"
          onClick={() =>
            needsYes(services, id) ? ui.askRemove(id) : void removeRecording(services, id)
          }
        >
          <Trash2 aria-hidden />
        </IconButton>
      </span>
    </li>
  )
}

/** When it began; while VSR waits before it tries again, how long. In the same place, so that nothing moves. */
function StartOrNextTry({ recording }: { recording: RecordingSummary }) {
  const { reason, startMs, state } = recording
  const away = useIsAway()
  const nowMs = useNow(false)
  const isTold = !away && reason?.cause !== undefined && state !== 'stopping'
  if (isTold && reason?.nextTryMs !== undefined)
    return <NextTry nextTryMs={reason.nextTryMs} short />
  return <span className="soft">{formatMoment(startMs, nowMs).slice(0, -3)}</span>
}

function Figures({ recording }: { recording: RecordingSummary }) {
  const { durationSec, bytes, segments, gaps, completeness } = recording
  if (segments === 0) return <span className="figures">{texts.library.nothingYet}</span>
  const sound = soundLacks(recording)
  return (
    <span className="figures">
      <span className="length">{formatLength(durationSec)}</span>
      <span>{formatBytes(bytes)}</span>
      {recording.pinned && <Pin className="pin-mark" aria-label={texts.pins.pinned} />}
      <span data-tone={gaps > 0 || sound !== '' ? 'warn' : undefined}>
        {formatPercent(completeness)}
        {gaps > 0 && ` · ${texts.library.gaps(gaps)}`}
        {sound !== '' && ` · ${sound}`}
      </span>
    </span>
  )
}
