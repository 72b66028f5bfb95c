import { useState } from 'react'
import type { RecordingSummary } from '../../src-preload/contract/model'
import { useIsAway } from '../app/services-context'
import { formatLength } from '../ui/format'
import { useNow } from '../ui/use-now'
import { tickedLengthSec } from './ticked-length'

/** The stored length. While recording it goes on each second between two segments. */
export function TickingLength({ recording }: { recording: RecordingSummary }) {
  const { id, state, durationSec } = recording
  const away = useIsAway()
  const running = state === 'recording' && recording.live && !away
  const nowMs = useNow(running)
  const [seen, setSeen] = useState({ id, durationSec, atMs: nowMs, shownSec: durationSec })
  const next = tickedLengthSec({ seen, id, durationSec, nowMs, running })
  if (next !== seen) setSeen(next)
  return <span className="length">{formatLength(next.shownSec)}</span>
}
