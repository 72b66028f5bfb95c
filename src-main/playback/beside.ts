import type { CountBeside } from '../store/let-go-of-tracks'
import type { ShownTrack } from './shown-tracks'
import { holesOf, paceOf } from './pace'
import { firstSegmentOf, wholeWindow } from './window'

/** Sound whose playlist lists what is missing beside the picture. */
export const isBesidePicture = (track: ShownTrack, main: ShownTrack): boolean =>
  track.info.kind === 'audio' && main.info.kind === 'video'

/** Subtitles that are listed by the picture that goes with them; in fMP4 they have timestamps like any other media. */
export function isText({ info, index }: ShownTrack): boolean {
  const first = firstSegmentOf(index, wholeWindow(index))
  return info.kind === 'subtitles' && first !== undefined && index.extensionAt(first) === 'vtt'
}

/** What a growing playlist of a track has listed before a position beside whole segments: its numbers go on when that is let go. */
export const countBeside: CountBeside = (track, main, position) => {
  const { index } = track
  if (isText(track)) {
    return paceOf(index, main.index).countBefore(position) - index.segmentsBefore(position)
  }
  return isBesidePicture(track, main)
    ? holesOf(index, main.index).countBefore(position)
    : index.gone.beside
}
