import type { TrackInfo } from '../store/model'

/** As of the contract. */
const LONGEST_LABEL = 200

/** How a track is named in what a person reads: its kind and what the source calls it. */
export const trackRef = ({ id, kind, name, language }: TrackInfo) => ({
  track: id,
  kind,
  label: (name ?? language ?? '').slice(0, LONGEST_LABEL),
})
