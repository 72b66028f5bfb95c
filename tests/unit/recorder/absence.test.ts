import { describe, expect, it } from 'vitest'
import { diffPlaylist } from '../../../src-main/hls/follow/diff-playlist'
import type { PlaylistCursor } from '../../../src-main/hls/follow/playlist-cursor'
import type { MediaPlaylist } from '../../../src-main/hls/playlist'
import { pictureOf } from '../../../src-main/recorder/absence'
import { emptyTimeline, planBatch } from '../../../src-main/recorder/plan'
import { mediaPlaylist, onlyStream } from '../../support/playlists'
import { createSampleLibrary, SAMPLE_START_MS } from '../../support/sample-library'

/** A picture of so many seconds that are stored or missing, by turns. */
function picture(...stretches: readonly number[]) {
  const track = createSampleLibrary({ dir: '/nowhere' }).add().sampleTrack()
  for (const [at, durationSec] of stretches.entries()) {
    if (at % 2 === 0)
      for (let sec = 0; sec < durationSec; sec += 2) track.segment({ durationSec: 2 })
    else track.gap({ durationSec, count: 0 })
  }
  return pictureOf(() => track.index)
}

/** Plans the listings of a sound that tells the time, each at its end. */
function gapsOf(
  beside: ReturnType<typeof picture> | undefined,
  playlists: readonly MediaPlaylist[],
) {
  let cursor: PlaylistCursor | undefined
  let timeline = emptyTimeline
  return playlists.flatMap((playlist) => {
    const previous = cursor
    const diff = diffPlaylist({ cursor, playlist, newEpoch: 0, elapsedSec: 2 })
    const nowMs = (playlist.segments.at(-1)?.programDateTimeMs ?? 0) + 2000
    const plan = { diff, playlist, stream: onlyStream, timeline, previous, others: [] }
    const batch = planBatch({ ...plan, beside, missedCause: 'sequence-gap', nowMs })
    ;({ cursor } = diff)
    ;({ timeline } = batch)
    return batch.items.flatMap((item) => (item.kind === 'gap' ? [item.row] : []))
  })
}

/** Three segments of two seconds from the start of the recording on; the last one is so much later than the first two. */
const leaping = (byMs: number) =>
  mediaPlaylist({
    first: 0,
    count: 3,
    patch: ({ mediaSequence }) => ({
      programDateTimeMs: SAMPLE_START_MS + mediaSequence * 2000 + (mediaSequence >= 2 ? byMs : 0),
    }),
  })

describe('a sound that is silent', () => {
  it('lacks what the picture has meanwhile', () => {
    expect(gapsOf(picture(60), [leaping(30_000)])).toMatchObject([
      {
        startMs: SAMPLE_START_MS + 4000,
        durationSec: 30,
        mediaSequence: 2,
        count: 0,
        cause: 'timeout',
      },
    ])
  })

  it('lacks nothing where the picture has nothing either, or where it is the picture', () => {
    expect(gapsOf(picture(4, 30, 20), [leaping(30_000)])).toEqual([])
    expect(gapsOf(undefined, [leaping(30_000)])).toEqual([])
  })

  it('lacks nothing that is shorter than a target duration', () => {
    expect(gapsOf(picture(60), [leaping(1900)])).toEqual([])
  })

  it('lacks what was before its first segment', () => {
    const late = (ms: number) => mediaPlaylist({ first: 0, count: 3, zeroMs: SAMPLE_START_MS + ms })
    expect(gapsOf(picture(60), [late(9000)])).toEqual([])
    expect(gapsOf(picture(60), [late(40_000)])).toMatchObject([
      { startMs: SAMPLE_START_MS, durationSec: 40, count: 0, cause: 'timeout' },
    ])
  })
})
