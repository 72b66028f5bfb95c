import { describe, expect, it, onTestFinished } from 'vitest'
import { impatientPolicy, storedOf, tempFiles } from '../support/fault-recording'
import { makePartedMedia } from '../support/ll-media'
import { readMedia } from '../support/media'
import { openTestRecorder } from '../support/real-recorder'
import { startTestOrigin } from '../support/test-origin'
import type { Fault } from '../support/test-origin-faults'
import type { LiveStreamOptions } from '../support/test-origin-stream'
import { waitUntil } from '../support/wait-until'

/** A live stream of small media behind an origin with faults, and a recorder with short deadlines. */
async function setUp(options: Partial<LiveStreamOptions> = {}) {
  const { media } = await readMedia({ kind: 'ts' })
  const origin = await startTestOrigin()
  onTestFinished(() => origin.stop())
  const stream = origin.addStream({ media, windowSize: 6, ...options })
  const recorder = await openTestRecorder({ policy: impatientPolicy })
  return { origin, stream, media: options.media ?? media, ...recorder }
}
type SetUp = Awaited<ReturnType<typeof setUp>>

/** Records six segments, of which the third has the fault the first time that it is asked for. */
async function recordThrough({ origin, stream, media, record, library }: SetUp, fault: Fault) {
  origin.addFault({ kind: 'segment', mediaSequence: 2, times: 1, fault })
  stream.advance(6)
  stream.end()
  const { recording, stop } = await record(origin.urlOf(stream))
  await waitUntil({ what: 'the end', check: () => recording.meta.state === 'stopped' })
  await stop()
  const { numbers, gaps, bodies } = await storedOf(recording)
  expect(numbers).toEqual([0, 1, 2, 3, 4, 5])
  expect(gaps).toEqual([])
  const sent = Array.from({ length: 6 }, (_, at) => media[at % media.length]?.body)
  expect(bodies.map((body, at) => body.equals(sent[at] ?? Buffer.alloc(0)))).not.toContain(false)
  expect(origin.requests.filter(({ mediaSequence }) => mediaSequence === 2)).toHaveLength(2)
  expect(tempFiles(library.root)).toEqual([])
}

const cut = (framing: 'length' | 'chunked' | 'close', fraction: number): Fault => ({
  kind: 'cut',
  framing,
  fraction,
})

describe('a segment that does not come whole is tried again and stored whole', () => {
  it.each<[string, Fault]>([
    ['F10 reset without a word', { kind: 'reset' }],
    ['F10 never answered', { kind: 'silence' }],
    ['F11 headers, then silence', { kind: 'hang', afterBytes: 0 }],
    ['F11 one byte, then silence', { kind: 'hang', afterBytes: 1 }],
    ['F12 cut at 0 %', cut('length', 0)],
    ['F12 cut at 1 %', cut('length', 0.01)],
    ['F12 cut at 50 %', cut('length', 0.5)],
    ['F12 cut at 99 %', cut('length', 0.99)],
    ['F13 chunked, closed in the middle', cut('chunked', 0.5)],
    ['F14 without length, closed off a packet edge', cut('close', 0.5)],
    ['F15 a web page', { kind: 'html' }],
  ])('%s', async (_what, fault) => {
    await recordThrough(await setUp(), fault)
  })

  it('F14 without length, closed inside mdat', async () => {
    const { media, initSection } = await readMedia({ kind: 'fmp4' })
    if (initSection === undefined) throw new Error('fMP4 media have an initialization section')
    await recordThrough(await setUp({ media, initSection }), cut('close', 0.7))
  })

  it('F14 without length, closed on a packet edge: only the timestamps tell', async () => {
    const { media } = await readMedia({ kind: 'ts' })
    const body = new Uint8Array(Buffer.concat(media.map((segment) => segment.body)))
    const long = [{ durationSec: 6, body }]
    const packets = body.length / 188
    await recordThrough(
      await setUp({ media: long }),
      cut('close', Math.floor(packets / 4) / packets),
    )
  })

  it('F14 without length, closed between two MP4 fragments: only the durations tell', async () => {
    const parted = await makePartedMedia({ kind: 'fmp4', durationSec: 6 })
    const fragments = parted.segments.flatMap(({ parts }) => parts)
    const body = new Uint8Array(Buffer.concat(fragments))
    const edge = Buffer.concat(fragments.slice(0, 10)).length
    const initSection = new Uint8Array(parted.initSection ?? [])
    await recordThrough(
      await setUp({ media: [{ durationSec: 6, body }], initSection }),
      cut('close', (edge + 0.5) / body.length),
    )
  })
})

describe('a segment that does not come at all', () => {
  it('F08 is stored once it is there, and is a gap once it has left the window', async () => {
    const { origin, stream, record } = await setUp({ windowSize: 3 })
    stream.advance(3)
    origin.addFault({ mediaSequence: 3, times: 2, fault: { kind: 'status', status: 404 } })
    origin.addFault({ mediaSequence: 4, fault: { kind: 'status', status: 410 } })
    const { recording, untilSegments } = await record(origin.urlOf(stream))
    await untilSegments(3)
    stream.advance(2)
    await untilSegments(4)
    stream.advance(3)
    await untilSegments(7)
    const { numbers, gaps } = await storedOf(recording)
    expect(numbers).toEqual([0, 1, 2, 3, 5, 6, 7])
    expect(gaps).toMatchObject([{ mediaSequence: 4, count: 1, cause: 'not-found' }])
  })

  it('F22 for want of its key, which is refused once, is not lost', async () => {
    const { origin, stream, record } = await setUp({ rotateKeyEvery: 3 })
    origin.addFault({ path: '/live/key-1.bin', times: 1, fault: { kind: 'status', status: 403 } })
    stream.advance(6)
    const { recording, untilSegments } = await record(origin.urlOf(stream))
    await untilSegments(3)
    stream.advance(3)
    await untilSegments(6)
    const { numbers, gaps, bodies } = await storedOf(recording)
    expect(numbers).toEqual([3, 4, 5, 6, 7, 8])
    expect(gaps).toEqual([])
    expect(bodies.every((body) => body[0] === 0x47)).toBe(true)
    expect(origin.requests.filter(({ path }) => path === '/live/key-1.bin')).toHaveLength(2)
  })

  it('leaves no file behind when the recording is stopped while it hangs', async () => {
    const { origin, stream, record, library } = await setUp()
    origin.addFault({ kind: 'segment', fault: { kind: 'hang', afterBytes: 1000 } })
    stream.advance(3)
    const { recording, stop } = await record(origin.urlOf(stream))
    await waitUntil({ what: 'a file', check: () => tempFiles(library.root).length > 0 })
    await stop()
    expect(recording.meta.state).toBe('stopped')
    expect(tempFiles(library.root)).toEqual([])
  })
})

describe('an origin that cannot be reached', () => {
  it.each(['reset', 'silence'] as const)(
    // Several requests run side by side here: tests/unit/recorder/faults-source.test.ts asks for the oldest first.
    'F10 (%s) loses nothing, tells why, and is caught up with',
    async (kind) => {
      const { origin, stream, record, recorder } = await setUp({ windowSize: 20 })
      stream.advance(3)
      const { recording, untilSegments } = await record(origin.urlOf(stream))
      await untilSegments(3)
      const back = origin.addFault({ fault: { kind } })
      stream.advance(12)
      await waitUntil({
        what: 'the cause to be told',
        check: () => {
          const { cause, nextTryMs } = recorder.status(recording.id)?.reason ?? {}
          const code = kind === 'reset' ? 'connection_failed' : 'source_timeout'
          return cause?.code === code && nextTryMs !== undefined
        },
      })
      back()
      await untilSegments(15)
      const { numbers, gaps } = await storedOf(recording)
      expect(numbers).toEqual(Array.from({ length: 15 }, (_, at) => at))
      expect(gaps).toEqual([])
    },
  )
})
