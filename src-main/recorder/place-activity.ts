import type { NewActivity } from './activity-writer'
import type { PathwaySwitch } from './source/track-candidates'
import { trackRef } from './track-ref'

/** A track goes on from another place, as a person reads it later. Of its address only the host: the rest may hold tokens. */
export function placeActivity({ stream, number, cause }: PathwaySwitch): NewActivity {
  const { host } = new URL(stream.playlistUrl)
  return {
    type: 'place',
    ...trackRef(stream.info),
    host: host.slice(0, 200),
    number,
    ...(cause === undefined ? {} : { cause }),
  }
}
