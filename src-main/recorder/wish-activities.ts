import { unmetWishes } from '../hls/choose/unmet-wishes'
import type { Playlist } from '../hls/playlist'
import type { NewActivity } from './activity-writer'
import type { StreamChoice } from './source/choose-streams'

/** What was asked for and is not there, as a person reads it later. */
export const wishActivities = (playlist: Playlist, choice: StreamChoice): NewActivity[] =>
  unmetWishes(playlist, choice).map((wish) => ({
    type: 'wish',
    ...wish,
    wanted: wish.wanted.slice(0, 200),
    instead: wish.instead.slice(0, 200),
    offered: [...wish.offered],
  }))
