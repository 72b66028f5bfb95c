import { createRandom } from '../../support/random'
import { startTestOrigin } from '../../support/test-origin'

const SEGMENT_SEC = 4
const PACKET_BYTES = 188
const PACKETS = 300
/** Then the programme begins anew, behind a discontinuity: an hour. */
const SEGMENTS = 900

export interface SoakSource {
  readonly urls: readonly string[]
  /** Playlists asked for so far. */
  reloads(): number
  /** No more new segments, no more faults. */
  quiet(): void
  stop(): Promise<void>
}

/** MPEG-TS as far as its framing goes. */
export function nullPackets(packets: number): Uint8Array {
  const body = Buffer.alloc(packets * PACKET_BYTES, 0xff)
  for (let at = 0; at < body.length; at += PACKET_BYTES) body.set([0x47, 0x1f, 0xff, 0x10], at)
  return body
}

/** Live streams that go on `speed` times as fast as real ones, with every fault that passes. */
export async function startSoakSource(options: {
  readonly streams: number
  readonly speed: number
}): Promise<SoakSource> {
  const random = createRandom(3)
  const segment = { durationSec: SEGMENT_SEC, body: nullPackets(PACKETS) }
  const programme = Array.from({ length: SEGMENTS }, () => segment)
  const origin = await startTestOrigin()
  const streams = Array.from({ length: options.streams }, (_, at) =>
    origin.addStream({
      name: `s${at}`,
      media: programme,
      windowSize: 6,
      firstMediaSequence: 1000,
      programDateTimeMs: Date.now(),
    }),
  )
  for (const stream of streams) stream.advance(3)

  const chance = (part: number) => () => random() < part
  const ends = [
    origin.addFault({
      kind: 'segment',
      when: ({ mediaSequence = 1 }) => mediaSequence % 97 === 0,
      fault: { kind: 'status', status: 404 },
    }),
    ...(
      [
        { kind: 'cut', fraction: 0.5, framing: 'length' },
        { kind: 'cut', fraction: 0.9, framing: 'chunked' },
        { kind: 'status', status: 404 },
        { kind: 'status', status: 500 },
        { kind: 'reset' },
        { kind: 'html' },
      ] as const
    ).flatMap((fault) => [
      origin.addFault({ kind: 'segment', when: chance(0.01), fault }),
      origin.addFault({ kind: 'playlist', when: chance(0.005), fault }),
    ]),
  ]
  const advance = (stream: (typeof streams)[number]): void => {
    const event = random()
    if (event < 0.01) stream.freeze()
    else if (event < 0.1) stream.thaw()
    if (event > 0.998) stream.reset(1 + Math.floor(random() * 50))
    if (event > 0.99 && event < 0.993) stream.advance(9)
    if (event > 0.98 && event < 0.985) stream.gapNext()
    stream.advance()
  }
  const timer = setInterval(() => streams.forEach(advance), (SEGMENT_SEC * 1000) / options.speed)

  return {
    urls: streams.map((stream) => origin.urlOf(stream)),
    reloads: () => origin.requests.reduce((n, { kind }) => (kind === 'playlist' ? n + 1 : n), 0),
    quiet() {
      clearInterval(timer)
      for (const end of ends) end()
      for (const stream of streams) stream.thaw()
    },
    stop: () => {
      clearInterval(timer)
      return origin.stop()
    },
  }
}
