import type { TrackInfo } from './model'

/** The track whose breaks count: the first video track, else the first. */
export function mainTrackOf<T extends { readonly info: TrackInfo }>(
  tracks: readonly T[],
): T | undefined {
  return tracks.find(({ info }) => info.kind === 'video') ?? tracks[0]
}
