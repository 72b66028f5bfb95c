import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { RecordingStore, SegmentRow } from '../../src-main/store/model'
import { makeMedia } from '../support/media'
import { openTestRecorder } from '../support/real-recorder'
import { startTestOrigin } from '../support/test-origin'
import { waitUntil } from '../support/wait-until'

/** A VOD stream of six ranges of one file on the live test origin. */
async function openRanges() {
  const { dir, playlist } = await makeMedia({ kind: 'byte-range' })
  const text = readFileSync(path.join(dir, playlist), 'utf8')
  const media = readFileSync(path.join(dir, 'all.ts'))
  const ranges = [...text.matchAll(/#EXT-X-BYTERANGE:(\d+)@(\d+)/g)].map(([, length, offset]) => {
    const from = Number(offset)
    return media.subarray(from, from + Number(length))
  })
  expect(ranges).toHaveLength(6)
  const origin = await startTestOrigin()
  onTestFinished(() => origin.stop())
  origin.serve('/vod/index.m3u8', text, 'application/vnd.apple.mpegurl')
  origin.serve('/vod/all.ts', media, 'video/mp2t')
  const { recorder, record } = await openTestRecorder()
  const recordToEnd = async (): Promise<RecordingStore> => {
    const { recording } = await record(`${origin.url}/vod/index.m3u8`)
    await waitUntil({
      what: 'the recording to end by itself',
      check: () => recorder.status(recording.id) === undefined,
    })
    return recording
  }
  const asked = () =>
    origin.requests.flatMap((request) =>
      request.kind === 'segment' ? [request.headers.range] : [],
    )
  return { origin, ranges, recordToEnd, asked }
}

/** Each segment as it lies on disk, in order. */
async function storedBodies(recording: RecordingStore): Promise<Buffer[]> {
  const [track] = await recording.tracks()
  if (track === undefined) throw new Error('nothing was recorded')
  return Array.from({ length: track.index.length }, (_, at) => track.index.rowAt(at))
    .filter((row): row is SegmentRow => row.kind === 'segment')
    .map((row) => readFileSync(track.pathOf(row)))
}

describe('EXT-X-BYTERANGE in VOD', () => {
  it('neighbouring ranges come with one request and are stored each on its own', async () => {
    const { ranges, recordToEnd, asked } = await openRanges()
    const recording = await recordToEnd()
    expect(asked()).toHaveLength(1)
    expect(recording.figures).toMatchObject({ segments: 6, gaps: 0 })
    const bodies = await storedBodies(recording)
    expect(bodies.every((body, at) => body.equals(ranges[at] ?? Buffer.alloc(0)))).toBe(true)
  })

  it('what a failed request for several did not bring is asked for one by one', async () => {
    const { origin, ranges, recordToEnd, asked } = await openRanges()
    origin.addFault({
      kind: 'segment',
      times: 1,
      fault: { kind: 'body', body: Buffer.concat(ranges.slice(0, 2)), contentType: 'video/mp2t' },
    })
    const recording = await recordToEnd()
    expect(asked()).toHaveLength(5)
    expect(recording.figures).toMatchObject({ segments: 6, gaps: 0 })
    const bodies = await storedBodies(recording)
    expect(bodies.every((body, at) => body.equals(ranges[at] ?? Buffer.alloc(0)))).toBe(true)
  })

  it('one that holds no media does not spoil its neighbours', async () => {
    const { origin, recordToEnd, asked } = await openRanges()
    origin.addFault({ kind: 'segment', times: 1, fault: { kind: 'html' } })
    const recording = await recordToEnd()
    expect(asked()).toHaveLength(7)
    expect(recording.figures).toMatchObject({ segments: 6, gaps: 0 })
  })
})
