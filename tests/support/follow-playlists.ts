import { diffPlaylist } from '../../src-main/hls/follow/diff-playlist'
import type { PlaylistCursor } from '../../src-main/hls/follow/playlist-cursor'
import type { MediaPlaylist } from '../../src-main/hls/playlist'

/** Loads one playlist after the other, as the poller does. */
export function follow(playlists: readonly MediaPlaylist[], elapsedSec = 2) {
  let cursor: PlaylistCursor | undefined
  let newEpoch = 0
  return playlists.map((playlist) => {
    const diff = diffPlaylist({ cursor, playlist, newEpoch, elapsedSec })
    cursor = diff.cursor
    if (diff.kind === 'new-epoch') newEpoch += 1
    return diff
  })
}

/** Media sequence numbers of what was new. */
export const newNumbers = (diff: ReturnType<typeof follow>[number] | undefined) =>
  diff?.newSegments.map((segment) => segment.mediaSequence)

/** `epoch:number` of everything that was new, in order. */
export const stored = (diffs: ReturnType<typeof follow>) =>
  diffs.flatMap((diff) => diff.newSegments.map((s) => `${diff.cursor.epoch}:${s.mediaSequence}`))
