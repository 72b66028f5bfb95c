import { describe, expect, it } from 'vitest'
import { silentLogger } from '../../src-main/ports/logger'
import { describeNewTracks } from '../../src-main/track-describer'
import { createFakeClock } from '../support/fake-clock'
import { addFfmpegTrack, createSampleLibrary } from '../support/sample-library'
import { tempDirForTest } from '../support/temp-dir'
import { toolPath } from '../support/tools'

/** A describer whose ffprobe is found when the test says so, with a track to describe; what it noted. */
async function withTrack() {
  const library = createSampleLibrary({ dir: tempDirForTest() })
  const recording = library.add()
  let find: () => void = () => undefined
  const found = new Promise<void>((resolve) => {
    find = resolve
  })
  const clock = createFakeClock()
  const tools = { ffprobePath: () => found.then(() => toolPath('ffprobe')) }
  const describer = describeNewTracks({ library, tools, clock, logger: silentLogger })
  const track = await addFfmpegTrack({ recording, kind: 'ts' })
  const noted: string[] = []
  track.describe = async ({ codecs }) => {
    noted.push(codecs ?? '')
  }
  return { describer, clock, noted, find }
}

describe('what tells what a track holds', () => {
  it('is waited for when VSR ends', async () => {
    const { describer, noted, find } = await withTrack()
    const closing = describer.close()
    find()
    await closing
    expect(noted).toEqual([expect.stringMatching(/^avc1\./)])
  })

  it('notes nothing once it is closed, for the library may belong to another VSR', async () => {
    const { describer, clock, noted, find } = await withTrack()
    const closing = describer.close()
    await clock.advance(1000)
    await closing
    find()
    // As long as it would take.
    const other = await withTrack()
    other.find()
    await other.describer.close()
    expect(other.noted).toHaveLength(1)
    expect(noted).toEqual([])
  })
})
