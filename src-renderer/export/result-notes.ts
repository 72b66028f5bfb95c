import type { ExportJob, ExportResult } from '../../src-preload/contract/model'
import { formatSpan } from '../ui/format'
import { texts } from '../ui/texts'

/** Less than a frame and a half at 25/s: nobody sees it. */
const EXACT_MS = 60

/** What the person should know about a finished file: where it truly starts, what was left out. */
export function resultNotes(
  job: Pick<ExportJob, 'fromMs'>,
  result: Pick<ExportResult, 'startMs' | 'gapsSkippedSec'>,
): readonly string[] {
  const earlyMs = job.fromMs - result.startMs
  const notes = [
    earlyMs > EXACT_MS ? texts.export.early((earlyMs / 1000).toFixed(1)) : texts.export.exactStart,
  ]
  if (result.gapsSkippedSec > 0) notes.push(texts.export.skipped(formatSpan(result.gapsSkippedSec)))
  return notes
}
