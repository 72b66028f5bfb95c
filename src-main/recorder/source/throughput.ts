import type { BodySink, HttpClient, HttpRequest } from '../../fetch/http'
import type { Clock } from '../../ports/clock'

/** One download on its way. */
interface Transfer {
  received(bytes: number): void
  end(): void
}

/** Measures how fast the source gives, over all downloads at once. */
export interface Throughput {
  start(): Transfer
  /** Bits per second of late; undefined while nothing is known. */
  bitsPerSec(): number | undefined
}

/** So many seconds of downloading count for half of the estimate. */
const HALF_LIFE_SEC = 4
/** What comes in one go took at least so long: the first bytes of an answer cost no time that is seen here. */
const SHORTEST_SAMPLE_SEC = 0.01
/** A download that goes on for long is looked at in between. */
const SAMPLE_SEC = 1

/**
 * Time counts from the first byte of an answer, and once where several come at a time: waiting for a source that
 * does not answer is no sign of a narrow way to it.
 */
export function createThroughput(options: { clock: Clock }): Throughput {
  const { clock } = options
  let active = 0
  let sinceMs = 0
  let bits = 0
  let busySec = 0
  let latelyBits = 0
  let latelySec = 0

  /** Adds the time since the last look, in which something was coming. */
  const tick = () => {
    const nowMs = clock.monotonicMs()
    if (active > 0) busySec += (nowMs - sinceMs) / 1000
    sinceMs = nowMs
  }
  const sample = () => {
    if (bits === 0) return
    // Sums, not rates: one burst must not hide for long that everything else comes slowly.
    const share = 0.5 ** (Math.max(busySec, SAMPLE_SEC) / HALF_LIFE_SEC)
    latelyBits = latelyBits * share + bits
    latelySec = latelySec * share + Math.max(busySec, SHORTEST_SAMPLE_SEC)
    bits = 0
    busySec = 0
  }

  return {
    start() {
      let state: 'waiting' | 'coming' | 'over' = 'waiting'
      return {
        received(bytes) {
          tick()
          if (state === 'waiting') {
            state = 'coming'
            active += 1
          }
          bits += bytes * 8
          if (busySec >= SAMPLE_SEC) sample()
        },
        end() {
          tick()
          if (state === 'coming') active -= 1
          if (state !== 'over') sample()
          state = 'over'
        },
      }
    },
    bitsPerSec: () => (latelySec === 0 ? undefined : latelyBits / latelySec),
  }
}

/** Streams a body into a sink and measures how fast it comes. */
export async function measuredStream<T>(options: {
  http: Pick<HttpClient, 'stream'>
  request: HttpRequest
  sink: BodySink<T>
  throughput: Throughput
  /** Something comes. */
  onFirstByte?: () => void
}): Promise<T> {
  const { http, request, sink, throughput } = options
  let { onFirstByte } = options
  const transfer = throughput.start()
  try {
    return await http.stream(request, {
      write(chunk) {
        onFirstByte?.()
        onFirstByte = undefined
        transfer.received(chunk.byteLength)
        return sink.write(chunk)
      },
      end() {
        transfer.end()
        return sink.end()
      },
    })
  } finally {
    transfer.end()
  }
}
