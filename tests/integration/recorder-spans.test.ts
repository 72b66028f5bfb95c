import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { VsrEvent } from '../../src-preload/contract/events'
import type { Timeline } from '../../src-preload/contract/model'
import { readMedia } from '../support/media'
import { tempDirForTest } from '../support/temp-dir'
import { openTestEngine } from '../support/test-engine'
import { startTestOrigin } from '../support/test-origin'
import { waitUntil } from '../support/wait-until'

/** EXT-X-DATERANGE, ad cues and EXT-X-PROGRAM-DATE-TIME from the live test origin to the timeline. */

const zeroMs = Date.UTC(2026, 0, 1, 12)
const date = (sec: number) => new Date(zeroMs + sec * 1000).toISOString()

type TestEngine = Awaited<ReturnType<typeof openTestEngine>>

async function startOrigin() {
  const origin = await startTestOrigin()
  onTestFinished(() => origin.stop())
  const { media } = await readMedia({ kind: 'ts' })
  return { origin, media: media.map((item) => ({ ...item, durationSec: 1 })) }
}

const untilStored = (engine: TestEngine, segments: number) =>
  waitUntil({
    what: `${segments} segments`,
    check: () => (engine.listRecordings()[0]?.segments ?? 0) >= segments,
  })
const untilSpans = (engine: TestEngine, id: string, check: (spans: Timeline['spans']) => boolean) =>
  waitUntil({
    what: 'the spans',
    check: async () => {
      const timeline = await engine.timeline(id)
      return check(timeline.spans) ? timeline : undefined
    },
  })

/** Seconds after the origin's first segment. */
const seconds = ({ spans }: Timeline) =>
  spans.map(({ kind, label, fromMs, toMs, open }) => [
    label === '' ? kind : label,
    (fromMs - zeroMs) / 1000,
    toMs === undefined ? undefined : (toMs - zeroMs) / 1000,
    open ? 'open' : 'closed',
  ])

describe('spans of a live source', () => {
  it('lie on the timeline by the clock of the source, once each, and survive a restart', async () => {
    const { origin, media } = await startOrigin()
    const stream = origin.addStream({ media, windowSize: 6, programDateTimeMs: zeroMs })
    stream.tagNext(
      `#EXT-X-DATERANGE:ID="News",CLASS="tv.programme",START-DATE="${date(0.5)}",END-ON-NEXT=YES`,
    )
    stream.advance(2)
    stream.tagNext('#EXT-X-CUE-OUT:3')
    stream.advance(1)

    const libraryDir = tempDirForTest()
    const first = await openTestEngine(libraryDir)
    const events: VsrEvent[] = []
    first.onEvent((event) => events.push(event))
    const { id } = await first.startRecording({ url: origin.urlOf(stream) })
    await untilStored(first, 3)
    expect(seconds(await untilSpans(first, id, (spans) => spans.length === 2))).toEqual([
      ['News', 0.5, undefined, 'open'],
      ['ad', 2, 5, 'open'],
    ])
    expect(events.some((event) => event.type === 'recording.spans' && event.id === id)).toBe(true)

    // The break goes on across a restart, and longer than planned.
    stream.tagNext('#EXT-X-CUE-OUT-CONT:1/3')
    stream.advance(1)
    await untilStored(first, 4)
    await first.close()
    stream.tagNext('#EXT-X-CUE-OUT-CONT:2/3')
    stream.advance(2)
    const second = await openTestEngine(libraryDir)
    expect(seconds(await second.timeline(id))).toEqual([
      ['News', 0.5, undefined, 'open'],
      ['ad', 2, 5, 'open'],
    ])
    await second.resume()
    stream.tagNext(
      '#EXT-X-CUE-IN',
      `#EXT-X-DATERANGE:ID="Weather",CLASS="tv.programme",START-DATE="${date(6)}",END-ON-NEXT=YES`,
      `#EXT-X-DATERANGE:ID="splice-9",START-DATE="${date(7)}",SCTE35-OUT=0xFC30,PLANNED-DURATION=10`,
    )
    stream.advance(3)
    await untilStored(second, 9)
    stream.tagNext('#EXT-X-DATERANGE:ID="splice-9",DURATION=1.5,SCTE35-IN=0xFC31')
    stream.advance(1)
    await untilStored(second, 10)
    const closed = await untilSpans(second, id, (spans) => spans.filter((s) => s.open).length === 1)
    expect(seconds(closed)).toEqual([
      ['News', 0.5, 6, 'closed'],
      ['ad', 2, 6, 'closed'],
      ['Weather', 6, undefined, 'open'],
      ['splice-9', 7, 8.5, 'closed'],
    ])
    expect(closed.clocks).toEqual([{ fromMs: zeroMs, clock: 'source' }])

    // A line for each state that was new, however often the listing was loaded.
    const file = path.join(libraryDir, 'recordings', id, 'spans.ndjson')
    expect((await readFile(file, 'utf8')).trim().split('\n')).toHaveLength(7)
    await second.deleteRecording(id, { now: true })
    await expect(readFile(file)).rejects.toMatchObject({ code: 'ENOENT' })
  })

  it('end with the numbering they belong to', async () => {
    const { origin, media } = await startOrigin()
    const stream = origin.addStream({
      media,
      windowSize: 6,
      programDateTimeMs: zeroMs,
      firstMediaSequence: 500,
    })
    stream.advance(2)
    stream.tagNext('#EXT-X-CUE-OUT')
    stream.advance(2)
    const engine = await openTestEngine(tempDirForTest())
    const { id } = await engine.startRecording({ url: origin.urlOf(stream) })
    await untilSpans(engine, id, (spans) => spans.length === 1)
    stream.reset(3)
    stream.advance(3)
    const timeline = await untilSpans(engine, id, (spans) => spans[0]?.open === false)
    expect(seconds(timeline)).toEqual([['ad', 2, 4, 'closed']])
  })

  it('S10 S21 S23 hostile ones neither break the recording nor grow without bound', async () => {
    const { origin, media } = await startOrigin()
    const stream = origin.addStream({ media, windowSize: 6, programDateTimeMs: zeroMs })
    stream.tagNext(
      `#EXT-X-DATERANGE:ID="__proto__",CLASS="constructor",START-DATE="${date(1)}",DURATION=1e999`,
      `#EXT-X-DATERANGE:ID="a\u202e\u0007b",START-DATE="${date(1)}",DURATION=-5,PLANNED-DURATION=1e300`,
      ...Array.from(
        { length: 3000 },
        (_, at) => `#EXT-X-DATERANGE:ID="${at}-${'x'.repeat(200)}",START-DATE="${date(at / 1000)}"`,
      ),
    )
    stream.advance(3)
    const engine = await openTestEngine(tempDirForTest())
    const { id } = await engine.startRecording({ url: origin.urlOf(stream) })
    await untilStored(engine, 3)
    const { spans } = await untilSpans(engine, id, (found) => found.length > 500)
    expect(spans.length).toBeLessThanOrEqual(1000)
    for (const { label } of spans) expect(label.length).toBeLessThanOrEqual(80)
    expect(({} as Record<string, unknown>)['START-DATE']).toBeUndefined()
  })
})

describe('the clock of the timeline', () => {
  it('is that of arrival where the source tells no time: cues are placed all the same, dates cannot be', async () => {
    const { origin, media } = await startOrigin()
    const stream = origin.addStream({ media, windowSize: 6 })
    stream.advance(1)
    stream.tagNext('#EXT-X-CUE-OUT:1', `#EXT-X-DATERANGE:ID="a",START-DATE="${date(1)}"`)
    stream.advance(1)
    stream.tagNext('#EXT-X-CUE-IN')
    stream.advance(1)
    const engine = await openTestEngine(tempDirForTest())
    const beforeMs = Date.now()
    const { id } = await engine.startRecording({ url: origin.urlOf(stream) })
    await untilStored(engine, 3)
    const timeline = await untilSpans(engine, id, (spans) => spans.length > 0)
    expect(timeline.clocks).toEqual([{ fromMs: timeline.startMs, clock: 'arrival' }])
    expect(timeline.startMs + 3000).toBeGreaterThanOrEqual(beforeMs)
    expect(timeline.startMs + 3000).toBeLessThanOrEqual(Date.now())
    const [cue] = timeline.spans
    expect(timeline.spans).toHaveLength(1)
    expect(cue).toMatchObject({
      kind: 'ad',
      fromMs: timeline.startMs + 1000,
      toMs: timeline.startMs + 2000,
      open: false,
    })
  })
})
