import { useStore } from 'zustand'
import type { TrackTrouble } from '../../src-preload/contract/activity'
import type { Gap, RecordingDetail } from '../../src-preload/contract/model'
import { useServices } from '../app/services-context'
import { ReasonTimes } from '../app/status-line'
import { gapText } from '../timeline/tip-text'
import { texts } from '../ui/texts'
import { trackName, troubleSentence } from './activity-words'

const MOST_SHOWN = 50

/** Tracks beside the picture that cannot be had at the moment: why, and when VSR tries again. */
export function TrackTroubles({ troubles }: { troubles: readonly TrackTrouble[] }) {
  return (
    <>
      <h3 className="section-title">{texts.activity.trackTroubles}</h3>
      <ul className="stretch-list" data-testid="track-troubles">
        {troubles.map((trouble) => (
          <li key={trouble.track} className="stretch-row stretch-still">
            <span>
              {troubleSentence(trouble)}
              <span className="stretch-detail">
                <ReasonTimes sinceMs={trouble.sinceMs} nextTryMs={trouble.nextTryMs} />
              </span>
            </span>
          </li>
        ))}
      </ul>
    </>
  )
}

/** What is missing of tracks beside the picture, newest first; nothing where nothing is. */
export function SideGaps({ detail }: { detail: RecordingDetail }) {
  const { timeline, player } = useServices()
  const isShown = useStore(timeline.store, (state) => state.timeline !== undefined)
  const [main] = detail.tracks
  const gaps = detail.gapList.filter(({ track }) => track !== main?.id)
  if (!isShown || gaps.length === 0) return null
  const shown = gaps.toSorted((a, b) => b.fromMs - a.fromMs).slice(0, MOST_SHOWN)
  return (
    <>
      <h3 className="section-title">{texts.activity.sideGaps}</h3>
      <ul className="stretch-list" data-testid="side-gap-list">
        {shown.map((gap) => (
          <li key={`${gap.track} ${gap.fromMs} ${gap.toMs}`}>
            <button
              type="button"
              className="stretch-row"
              onClick={() => player.seekToMs(gap.fromMs)}
            >
              <span className="gap-swatch" aria-hidden />
              <span>
                {nameOf(detail, gap)}
                <span className="soft stretch-detail">
                  {gapText(gap)}. {texts.activity.because(texts.gapCauses[gap.cause])}
                </span>
              </span>
            </button>
          </li>
        ))}
        {gaps.length > shown.length && (
          <li className="soft">{texts.activity.more(gaps.length - shown.length)}</li>
        )}
      </ul>
    </>
  )
}

function nameOf(detail: RecordingDetail, { track }: Gap): string {
  const info = detail.tracks.find(({ id }) => id === track)
  const label = info?.name ?? info?.language ?? ''
  return trackName({ track, kind: info?.kind ?? 'audio', label })
}
