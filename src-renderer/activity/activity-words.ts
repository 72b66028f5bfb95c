import type { Activity, TrackKind, TrackTrouble } from '../../src-preload/contract/activity'
import { texts } from '../ui/texts'

interface TrackRef {
  readonly track: string
  readonly kind: TrackKind
  readonly label: string
}

/** `Sound “Deutsch”`; by its id where the source gives it no name. */
export const trackName = ({ track, kind, label }: TrackRef): string =>
  texts.activity.track(texts.trackKinds[kind], label === '' ? track : label)

const placeName = (activity: TrackRef) =>
  activity.kind === 'video' ? texts.trackKinds.video : trackName(activity)

/** What happened, as a sentence. */
export function activitySentence(activity: Activity): string {
  const words = texts.activity.happened
  switch (activity.type) {
    case 'track-lost':
      return words.trackLost(trackName(activity), activity.cause.message)
    case 'track-back':
      return words.trackBack(trackName(activity))
    case 'wish': {
      const { about, wanted, offered, instead } = activity
      const there = words.offered[about](offered)
      return [words.unmet[about](wanted), there, words.instead[about](instead)].join(' ').trim()
    }
    case 'quality':
      return words.quality[activity.direction](activity.from, activity.to)
    case 'place': {
      const place = words.place(placeName(activity), activity.number, activity.host)
      return activity.cause === undefined
        ? words.placeWanted(place)
        : words.placeFailed(place, activity.cause.message)
    }
  }
}

/** What cannot be had at the moment, as a sentence. */
export const troubleSentence = (trouble: TrackTrouble): string =>
  texts.activity.trackTrouble(trackName(trouble), trouble.cause.message)
