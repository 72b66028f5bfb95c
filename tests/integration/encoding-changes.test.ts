import { describe, expect, it, onTestFinished } from 'vitest'
import type { SegmentRow, TrackStore } from '../../src-main/store/model'
import { readMedia } from '../support/media'
import { runProcess, words } from '../support/processes'
import { openTestRecorder, rowsOf, trackOf } from '../support/real-recorder'
import { startTestOrigin } from '../support/test-origin'
import { toolPath } from '../support/tools'

async function readFmp4(kind: 'fmp4' | 'fmp4-large') {
  const { media, initSection } = await readMedia({ kind })
  if (initSection === undefined) throw new Error('fMP4 media have an initialization section')
  return { media: media.slice(0, 2), initSection }
}

/** Codecs and size, as ffprobe finds them in a segment behind its initialization section. */
async function encodingOf(track: TrackStore, row: SegmentRow): Promise<string> {
  const init = rowsOf(track).find((other) => other.index === row.initIndex)
  if (init?.kind !== 'init') throw new Error('the segment has no initialization section')
  const shown = 'stream=codec_name,width,height'
  const { stdout, stderr } = await runProcess({
    command: toolPath('ffprobe'),
    args: [
      ...words(`-v error -show_entries ${shown} -of csv=p=0`),
      `concat:${track.pathOf(init)}|${track.pathOf(row)}`,
    ],
  })
  expect(stderr).toBe('')
  return stdout.replaceAll(/,?\n/g, ' ').trim()
}

describe('a source that changes its encoding', () => {
  it('F21 stays one recording through another resolution and another codec, each part in its own', async () => {
    const small = await readFmp4('fmp4')
    const large = await readFmp4('fmp4-large')
    const origin = await startTestOrigin()
    onTestFinished(() => origin.stop())
    const media = [...small.media, ...large.media]
    const { initSection } = small
    const stream = origin.addStream({ media, initSection, windowSize: 4 })
    stream.advance(2)
    const { library, record } = await openTestRecorder()
    const { recording, stop, untilSegments } = await record(origin.urlOf(stream))
    await untilSegments(2)
    stream.changeInit(large.initSection)
    stream.advance(2)
    await untilSegments(4)
    stream.changeInit(small.initSection)
    stream.advance(2)
    await untilSegments(6)
    await stop()

    expect(library.list()).toHaveLength(1)
    expect(recording.figures).toMatchObject({ segments: 6, gaps: 0 })
    const track = await trackOf(recording)
    const rows = rowsOf(track)
    expect(rows.filter(({ kind }) => kind === 'init')).toHaveLength(2)
    const encodings: string[] = []
    for (const row of rows) if (row.kind === 'segment') encodings.push(await encodingOf(track, row))
    const first = 'h264,320,180 aac'
    const second = 'h264,640,360 ac3'
    expect(encodings).toEqual([first, first, second, second, first, first])
  })
})
