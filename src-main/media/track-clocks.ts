import { readUint32, viewOf, visitBoxes } from './mp4-box'

/** How a track of fragmented MP4 counts time. */
interface TrackClock {
  readonly ticksPerSec: number
  /** The duration of a sample that nothing else gives one; undefined where there is none. */
  readonly defaultTicks: number | undefined
}

/** The clocks of an initialization section, by track ID. */
export type TrackClocks = ReadonlyMap<number, TrackClock>

/** A stream has two or three. */
const MOST_TRACKS = 32

/** `tkhd` and `mdhd` have their number of interest behind two times, of 64 bits in version 1. */
function numberBehindTimes(payload: DataView): number | undefined {
  const version = payload.byteLength === 0 ? 0 : payload.getUint8(0)
  return readUint32(payload, version === 1 ? 20 : 12)
}

function readTrack(trak: DataView): { id: number; ticksPerSec: number } | undefined {
  let id: number | undefined
  let ticksPerSec: number | undefined
  visitBoxes(trak, (type, payload) => {
    if (type === 'tkhd') id = numberBehindTimes(payload)
    if (type !== 'mdia') return
    visitBoxes(payload, (inner, header) => {
      if (inner === 'mdhd') ticksPerSec = numberBehindTimes(header)
    })
  })
  return id === undefined || !ticksPerSec ? undefined : { id, ticksPerSec }
}

/**
 * Reads how the tracks of an initialization section count time (`mdhd`, `trex`; ISO/IEC 14496-12 8.4.2, 8.8.3). A track that
 * cannot be read is left out; bytes that are no MP4 have none. Never throws.
 */
export function readTrackClocks(init: Uint8Array): TrackClocks {
  const ticksPerSecOf = new Map<number, number>()
  const defaultTicksOf = new Map<number, number>()
  const readDefaults = (type: string, trex: DataView) => {
    const id = readUint32(trex, 4)
    const ticks = readUint32(trex, 12)
    if (type === 'trex' && id !== undefined && ticks) defaultTicksOf.set(id, ticks)
  }
  visitBoxes(viewOf(init), (topType, moov) => {
    if (topType !== 'moov') return
    visitBoxes(moov, (type, payload) => {
      if (type === 'mvex') visitBoxes(payload, readDefaults)
      const track =
        type === 'trak' && ticksPerSecOf.size < MOST_TRACKS ? readTrack(payload) : undefined
      if (track !== undefined) ticksPerSecOf.set(track.id, track.ticksPerSec)
    })
  })
  const clocks = new Map<number, TrackClock>()
  for (const [id, ticksPerSec] of ticksPerSecOf) {
    clocks.set(id, { ticksPerSec, defaultTicks: defaultTicksOf.get(id) })
  }
  return clocks
}
