import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { PARTS_PER_SEGMENT } from '../support/ll-media'
import type { LowLatencyOrigin } from '../support/ll-origin'
import {
  feedParts,
  SEGMENTS_BEFORE,
  startLowLatencyRecording,
  storedSegments,
  untilStored,
  untilWaiting,
} from '../support/ll-recording'
import { waitUntil } from '../support/wait-until'

const asked = (origin: LowLatencyOrigin, kind: LowLatencyOrigin['requests'][number]['kind']) =>
  origin.requests.filter((request) => request.kind === kind)
const names = (requests: LowLatencyOrigin['requests']) => requests.map(({ name }) => name)
const upTo = (last: number) => Array.from({ length: last - 8 }, (_, at) => 9 + at)

/** Every stored file is what the source has under its number. */
async function expectWhole(
  { origin, recording }: Awaited<ReturnType<typeof startLowLatencyRecording>>,
  numbers: readonly number[],
) {
  const { track, rows } = await storedSegments(recording)
  expect(rows.map(({ mediaSequence }) => mediaSequence)).toEqual(numbers)
  for (const row of rows) {
    const stored = readFileSync(track.pathOf(row))
    expect(stored.equals(origin.segment(row.mediaSequence)), `segment ${row.mediaSequence}`).toBe(
      true,
    )
  }
  expect(recording.figures.gaps).toBe(0)
}

describe('recording a low-latency source', () => {
  it.each(['ts', 'fmp4'] as const)(
    'stores whole %s segments from their parts, byte for byte, and fetches none twice',
    async (kind) => {
      const started = await startLowLatencyRecording(kind)
      const { origin, recorder, recording } = started
      await feedParts(origin, 3 * PARTS_PER_SEGMENT)
      await untilStored(recording, 6)
      await untilWaiting(origin)
      await recorder.stop(recording.id)
      await expectWhole(started, upTo(14))
      const extension = kind === 'ts' ? 'ts' : 'm4s'
      // What was whole before; nothing that came in parts.
      expect(names(asked(origin, 'segment')).sort()).toEqual(
        [10, 11, 9].map((number) => `segment-${number}.${extension}`),
      )
      const parts = names(asked(origin, 'part'))
      expect(new Set(parts).size).toBe(parts.length)
      // Three segments, and the hint of what would have come next.
      expect(parts).toHaveLength(3 * PARTS_PER_SEGMENT + 1)
    },
  )

  it('asks once for each part that comes next, with the query of the source as it is', async () => {
    const query = '?token=a%2fb+c&sig==~'
    const { origin, recorder, recording } = await startLowLatencyRecording('ts', { query })
    await feedParts(origin, PARTS_PER_SEGMENT + 2)
    await untilWaiting(origin)
    await recorder.stop(recording.id)
    const [first, ...others] = asked(origin, 'playlist').filter(({ query: sent }) => sent !== query)
    const steps = Array.from({ length: PARTS_PER_SEGMENT + 3 }, (_, at) => {
      const msn = SEGMENTS_BEFORE + Math.floor(at / PARTS_PER_SEGMENT)
      return `${query}&_HLS_msn=${msn}&_HLS_part=${at % PARTS_PER_SEGMENT}`
    })
    expect([first, ...others].map((request) => request?.query)).toEqual(steps)
    for (const kind of ['segment', 'part'] as const) {
      expect(new Set(asked(origin, kind).map((request) => request.query))).toEqual(new Set([query]))
    }
  })

  it('takes delta updates and records the same', async () => {
    const started = await startLowLatencyRecording('fmp4', { deltas: true })
    const { origin, recorder, recording } = started
    await feedParts(origin, 2 * PARTS_PER_SEGMENT)
    await untilStored(recording, 5)
    await recorder.stop(recording.id)
    expect(origin.deltas).toBeGreaterThan(2 * PARTS_PER_SEGMENT - 2)
    expect(asked(origin, 'playlist').at(-1)?.query).toMatch(/_HLS_part=\d+&_HLS_skip=YES$/)
    await expectWhole(started, upTo(13))
    expect(asked(origin, 'init')).toHaveLength(1)
  })

  it('fetches a segment behind a break whole: its parts would seem to go on from the one before', async () => {
    const started = await startLowLatencyRecording('ts', { breakAt: 13 })
    const { origin, recorder, recording } = started
    await feedParts(origin, PARTS_PER_SEGMENT)
    for (let done = 0; done < PARTS_PER_SEGMENT; done += 1) {
      await waitUntil({ what: 'the next listing to be asked for', check: () => origin.held >= 1 })
      origin.addParts()
    }
    await feedParts(origin, PARTS_PER_SEGMENT)
    await untilStored(recording, 6)
    await recorder.stop(recording.id)
    await expectWhole(started, upTo(14))
    const parts = names(asked(origin, 'part'))
    expect(parts.filter((name) => name.startsWith('part-13-'))).toEqual([])
    expect(parts.filter((name) => name.startsWith('part-14-'))).toHaveLength(PARTS_PER_SEGMENT)
    expect(names(asked(origin, 'segment')).sort()).toEqual(
      [10, 11, 13, 9].map((number) => `segment-${number}.ts`),
    )
  })

  it('lets go of everything that the source holds back when it is stopped', async () => {
    const { origin, recorder, recording } = await startLowLatencyRecording('ts')
    await untilWaiting(origin)
    await recorder.stop(recording.id)
    await waitUntil({ what: 'no request to be held', check: () => origin.held === 0 })
  })

  it('F09 records at the ordinary pace where blocking reloads are refused', async () => {
    const started = await startLowLatencyRecording('ts', {
      prepare: (origin) => origin.refuse('_HLS_msn'),
    })
    const { origin, recorder, recording } = started
    const sinceMs = performance.now()
    const askedBefore = asked(origin, 'playlist').length
    for (let number = 4; number <= 7; number += 1) {
      origin.addSegments(1)
      await untilStored(recording, number)
    }
    await recorder.stop(recording.id)
    // Half a target duration between two of them, and what was asked before.
    const paces = (performance.now() - sinceMs) / 500
    expect(asked(origin, 'playlist').length - askedBefore).toBeLessThan(paces + 5)
    await expectWhole(started, upTo(15))
  })

  it('F08 fetches the segments where their parts are refused', async () => {
    const started = await startLowLatencyRecording('ts', {
      prepare: (origin) => origin.refuse('part-'),
    })
    const { origin, recorder, recording } = started
    for (let number = 4; number <= 5; number += 1) {
      origin.addParts(2)
      origin.addSegments(1)
      await untilStored(recording, number)
    }
    await recorder.stop(recording.id)
    await expectWhole(started, upTo(13))
    expect(names(asked(origin, 'segment'))).toContain('segment-13.ts')
  })

  it('F23 stores what is left when the source ends in the middle of a segment', async () => {
    const started = await startLowLatencyRecording('ts')
    const { origin, recorder, recording } = started
    await feedParts(origin, PARTS_PER_SEGMENT + 1)
    await untilWaiting(origin)
    origin.end()
    await waitUntil({
      what: 'the recording to end by itself',
      check: () => recorder.status(recording.id) === undefined,
    })
    await expectWhole(started, upTo(12))
  })
})

describe('the local server', () => {
  it('shows a part before its segment is whole, and answers a blocking reload with it', async () => {
    const { origin, recorder, recording, serve } = await startLowLatencyRecording('ts')
    const server = await serve()
    await untilWaiting(origin)
    const playlistPath = `/recordings/${recording.id}/live/stream.m3u8`
    const before = await (await server.get(playlistPath)).text()
    expect(before).toContain('#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES')
    const part = `${recording.id}-v0-p0-${SEGMENTS_BEFORE}-0.ts`
    expect(before).toContain(`#EXT-X-PRELOAD-HINT:TYPE=PART,URI="${part}"`)
    expect(before).not.toContain('#EXT-X-PART:')
    const hinted = server.get(`/recordings/${recording.id}/live/${part}`)
    const held = server.get(`${playlistPath}?_HLS_msn=3&_HLS_part=0`)
    origin.addParts()
    const text = await (await held).text()
    expect(text).toContain(`URI="${part}"`)
    expect(recording.figures.segments).toBe(3)
    const body = await (await hinted).arrayBuffer()
    const whole = () => Buffer.from(origin.segment(SEGMENTS_BEFORE))
    expect(whole().subarray(0, body.byteLength).equals(Buffer.from(body))).toBe(true)

    // A part of 0.2 s more than what is stored, which may be ahead of the clock; by the clock at some instant between before and after.
    const latencyAt = (ms: number) =>
      Math.max(0, (ms - (recording.figures.endMs ?? 0)) / 1000 - 0.2)
    const leastSec = latencyAt(Date.now()) - 0.01
    const { latencySec } = recorder.status(recording.id) ?? {}
    expect(latencySec).toBeGreaterThan(leastSec)
    expect(latencySec).toBeLessThan(latencyAt(Date.now()) + 0.01)

    // Whole: its own segment now, with the parts still listed for players that began with them.
    const next = server.get(`${playlistPath}?_HLS_msn=3`)
    await feedParts(origin, PARTS_PER_SEGMENT - 1)
    const lines = (await (await next).text()).split('\n')
    expect(
      lines.filter(
        (line) => line.includes(`-p0-${SEGMENTS_BEFORE}-`) && line.startsWith('#EXT-X-PART:'),
      ),
    ).toHaveLength(PARTS_PER_SEGMENT)
    expect(lines.filter((line) => line.endsWith('.ts'))).toHaveLength(4)
  })

  it('serves no part of another recording, of a wrong number, or of one that has stopped', async () => {
    const { origin, recorder, recording, serve } = await startLowLatencyRecording('ts')
    const server = await serve()
    await feedParts(origin, 1)
    await untilWaiting(origin)
    const statusOf = async (name: string) =>
      (await server.get(`/recordings/${recording.id}/live/${name}`)).status
    const part = `${recording.id}-v0-p0-${SEGMENTS_BEFORE}`
    expect(await statusOf(`${part}-0.ts`)).toBe(200)
    expect(await statusOf(`${part}-2.ts`)).toBe(404)
    expect(await statusOf(`othersample12-v0-p0-${SEGMENTS_BEFORE}-0.ts`)).toBe(404)
    const far = await server.get(`/recordings/${recording.id}/live/stream.m3u8?_HLS_msn=99`)
    expect(far.status).toBe(400)
    await recorder.stop(recording.id)
    expect(await statusOf(`${part}-0.ts`)).toBe(404)
    const text = await (await server.get(`/recordings/${recording.id}/live/stream.m3u8`)).text()
    expect(text).not.toMatch(/PART|SERVER-CONTROL/)
    expect(text).toContain('#EXT-X-ENDLIST')
  })
})
