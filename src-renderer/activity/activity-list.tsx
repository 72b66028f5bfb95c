import type { Activity } from '../../src-preload/contract/activity'
import { formatMoment } from '../ui/format'
import { texts } from '../ui/texts'
import { useNow } from '../ui/use-now'
import { activitySentence } from './activity-words'

const MOST_SHOWN = 100

/** What happened to a recording, newest first, with its time. */
export function ActivityList({ activity }: { activity: readonly Activity[] }) {
  const nowMs = useNow(false)
  const shown = activity.slice(-MOST_SHOWN).toReversed()
  return (
    <ul className="stretch-list" data-testid="activity-list">
      {shown.map((entry, at) => (
        <li key={`${entry.atMs} ${activity.length - at}`} className="stretch-row stretch-still">
          <span>
            {activitySentence(entry)}
            <span className="soft stretch-detail">{formatMoment(entry.atMs, nowMs)}</span>
          </span>
        </li>
      ))}
      {activity.length > MOST_SHOWN && (
        <li className="soft">{texts.activity.more(activity.length - MOST_SHOWN)}</li>
      )}
    </ul>
  )
}
