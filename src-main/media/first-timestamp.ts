import { readUint32, viewOf, visitBoxes } from './mp4-box'
import { readPts, TICKS_PER_SEC } from './pes-timestamp'
import type { TrackClocks } from './track-clocks'

const PACKET_BYTES = 188

/** The first timestamp in MPEG-TS packets, seconds; undefined where none of them begins a picture or sound. */
export function firstPtsSec(packets: Uint8Array): number | undefined {
  for (let at = 0; at + PACKET_BYTES <= packets.length; at += PACKET_BYTES) {
    const pts = readPts(packets, at)
    if (pts !== undefined) return pts / TICKS_PER_SEC
  }
  return undefined
}

/** The decode time at which the first fragment of a segment begins, seconds (`tfdt`, ISO/IEC 14496-12 8.8.12); undefined where it does not lie in these bytes. */
export function firstFragmentSec(head: Uint8Array, clocks: TrackClocks): number | undefined {
  let sec: number | undefined
  visitBoxes(viewOf(head), (topType, moof) => {
    if (topType !== 'moof' || sec !== undefined) return
    visitBoxes(moof, (type, traf) => {
      if (type === 'traf') sec ??= fragmentSec(traf, clocks)
    })
  })
  return sec
}

function fragmentSec(traf: DataView, clocks: TrackClocks): number | undefined {
  let id: number | undefined
  let ticks: number | undefined
  visitBoxes(traf, (type, payload) => {
    if (type === 'tfhd') id = readUint32(payload, 4)
    if (type !== 'tfdt') return
    const [high, low] = [readUint32(payload, 4), readUint32(payload, 8)]
    const isWide = payload.byteLength > 0 && payload.getUint8(0) === 1
    ticks = isWide && high !== undefined && low !== undefined ? high * 2 ** 32 + low : high
  })
  const clock = id === undefined ? undefined : clocks.get(id)
  return clock === undefined || ticks === undefined ? undefined : ticks / clock.ticksPerSec
}
