import type { RecordingDetail } from '../../src-preload/contract/model'
import { formatSpan } from '../ui/format'
import { texts } from '../ui/texts'
import { trackName } from './activity-words'

/** What tracks beside the picture lack, as a sentence; empty where they lack nothing. */
export function lackingTracks({ tracks, gapList }: RecordingDetail): string {
  const sentences = tracks.slice(1).flatMap((track) => {
    const lackMs = gapList
      .filter((gap) => gap.track === track.id)
      .reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0)
    if (lackMs === 0) return []
    const { id, kind, name, language } = track
    const label = name ?? language ?? ''
    return [
      texts.activity.lacking(trackName({ track: id, kind, label }), formatSpan(lackMs / 1000)),
    ]
  })
  return sentences.join(' ')
}
