import type { RecordingSummary } from '../../src-preload/contract/model'
import { soundLacks } from '../library/sound-lacks'
import { StateBadge } from '../library/state-badge'
import { formatPercent, formatSpan } from '../ui/format'
import { texts } from '../ui/texts'
import { PinButton } from './pin-button'
import './recording-header.css'
import { StatusLine } from './status-line'

/** Title, true state and completeness of the open recording; under it what it is doing. */
export function RecordingHeader({ recording }: { recording: RecordingSummary }) {
  const { title, completeness, segments } = recording
  return (
    <div className="recording-header">
      <div className="recording-head">
        <h2 title={recording.sourceUrl}>{title}</h2>
        <StateBadge recording={recording} />
        {segments > 0 && (
          <span className="soft figures" data-testid="completeness">
            {texts.library.complete(formatPercent(completeness))}
            {lacking(recording)}
          </span>
        )}
        <span className="spring" />
        <PinButton recording={recording} />
      </div>
      <StatusLine recording={recording} />
    </div>
  )
}

/** What is missing for good, and what may still come: `, 2 gaps, 11 s, sound lacks 5 s; 42 s outstanding`. */
function lacking(recording: RecordingSummary): string {
  const { gaps, gapSec, outstandingSec = 0 } = recording
  const sound = soundLacks(recording)
  const missing = gaps > 0 ? `, ${texts.library.gaps(gaps)}, ${formatSpan(gapSec)}` : ''
  const late =
    outstandingSec > 0 ? `; ${texts.library.outstanding(formatSpan(outstandingSec))}` : ''
  return missing + (sound === '' ? '' : `, ${sound}`) + late
}
