import type { RecordingSummary } from '../../src-preload/contract/model'
import { formatSpan } from '../ui/format'
import { texts } from '../ui/texts'

/** Less than this is nothing that a person hears as missing. */
const LEAST_SEC = 0.5

/** What the sound beside the picture lacks: `sound lacks 50 s`; empty where it is all there. */
export const soundLacks = ({ soundGapSec = 0 }: Pick<RecordingSummary, 'soundGapSec'>): string =>
  soundGapSec < LEAST_SEC ? '' : texts.library.soundLacks(formatSpan(soundGapSec))
