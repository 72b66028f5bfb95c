import { readUint32, viewOf, visitBoxes } from '../../media/mp4-box'
import type { TrackClocks } from '../../media/track-clocks'

/** Adds up the durations of the samples that the fragments of a segment list (ISO/IEC 14496-12 8.8). */
export interface FragmentTimes {
  /** A `moof` box of so many bytes behind its header begins. */
  begin(bytes: number): void
  /** The next bytes of it. */
  push(piece: Uint8Array): void
  /** Seconds of the longest track; undefined where it cannot be told for every track. */
  mediaSec(clocks: TrackClocks | undefined): number | undefined
}

/** Bytes of a `moof` that are looked at; one of 10 s has some 20 kB. */
const MOST_MOOF_BYTES = 2 ** 20
const MOST_TRACKS = 32

/** Flags of `tfhd` and `trun`. */
const HAS_BASE_OFFSET = 0x1
const HAS_DESCRIPTION_INDEX = 0x2
const HAS_DEFAULT_DURATION = 0x8
const HAS_DATA_OFFSET = 0x1
const HAS_FIRST_FLAGS = 0x4
const HAS_DURATION = 0x100
const OTHER_SAMPLE_FIELDS = [0x200, 0x400, 0x800]

interface TrackSum {
  ticks: number
  /** Samples that have the duration which the initialization section gives. */
  defaulted: number
}

interface TrackHeader {
  readonly id: number
  readonly defaultTicks: number | undefined
}

const NO_SUM: Readonly<TrackSum> = { ticks: 0, defaulted: 0 }

/** `tfhd`. */
function readTrackHeader(tfhd: DataView): TrackHeader | undefined {
  const flags = readUint32(tfhd, 0)
  const id = readUint32(tfhd, 4)
  if (flags === undefined || id === undefined) return undefined
  if ((flags & HAS_DEFAULT_DURATION) === 0) return { id, defaultTicks: undefined }
  const offsetBytes = (flags & HAS_BASE_OFFSET) === 0 ? 0 : 8
  const indexBytes = (flags & HAS_DESCRIPTION_INDEX) === 0 ? 0 : 4
  const defaultTicks = readUint32(tfhd, 8 + offsetBytes + indexBytes)
  return defaultTicks === undefined ? undefined : { id, defaultTicks }
}

/** `trun`; undefined where it does not hold the samples that it counts. */
function sumRun(trun: DataView, { defaultTicks }: TrackHeader): TrackSum | undefined {
  const flags = readUint32(trun, 0)
  const count = readUint32(trun, 4)
  if (flags === undefined || count === undefined) return undefined
  if ((flags & HAS_DURATION) === 0) {
    return defaultTicks === undefined
      ? { ticks: 0, defaulted: count }
      : { ticks: count * defaultTicks, defaulted: 0 }
  }
  const start = [HAS_DATA_OFFSET, HAS_FIRST_FLAGS].reduce(
    (at, flag) => ((flags & flag) === 0 ? at : at + 4),
    8,
  )
  const sampleBytes = OTHER_SAMPLE_FIELDS.reduce(
    (bytes, flag) => ((flags & flag) === 0 ? bytes : bytes + 4),
    4,
  )
  const end = start + count * sampleBytes
  if (end > trun.byteLength) return undefined
  let ticks = 0
  for (let at = start; at < end; at += sampleBytes) ticks += trun.getUint32(at)
  return { ticks, defaulted: 0 }
}

/** Adds what `traf` says about its track. False where it cannot be read. */
function addTrack(sums: Map<number, TrackSum>, traf: DataView): boolean {
  let header: TrackHeader | undefined
  let isReadable = true
  const areBoxes = visitBoxes(traf, (type, payload) => {
    if (type === 'tfhd') header = readTrackHeader(payload)
    if (type !== 'trun' || !isReadable) return
    const run = header === undefined ? undefined : sumRun(payload, header)
    if (header === undefined || run === undefined) {
      isReadable = false
      return
    }
    const { ticks, defaulted } = sums.get(header.id) ?? NO_SUM
    sums.set(header.id, { ticks: ticks + run.ticks, defaulted: defaulted + run.defaulted })
  })
  return areBoxes && isReadable && sums.size <= MOST_TRACKS
}

/** For one segment. What cannot be read leaves its duration unknown. */
export function createFragmentTimes(): FragmentTimes {
  const sums = new Map<number, TrackSum>()
  /** A box that does not lie in one chunk. */
  let moof: { readonly bytes: Uint8Array; filled: number } | undefined
  let awaitedBytes = 0
  let isUnknown = false

  const add = (bytes: Uint8Array): void => {
    const areBoxes = visitBoxes(viewOf(bytes), (type, payload) => {
      if (type === 'traf' && !isUnknown) isUnknown = !addTrack(sums, payload)
    })
    isUnknown ||= !areBoxes
  }

  return {
    begin(bytes) {
      isUnknown ||= bytes > MOST_MOOF_BYTES
      awaitedBytes = bytes
      moof = undefined
    },
    push(piece) {
      if (isUnknown) return
      if (moof === undefined && piece.length === awaitedBytes) {
        add(piece)
        return
      }
      moof ??= { bytes: new Uint8Array(awaitedBytes), filled: 0 }
      moof.bytes.set(piece, moof.filled)
      moof.filled += piece.length
      if (moof.filled < awaitedBytes) return
      const { bytes } = moof
      moof = undefined
      add(bytes)
    },
    mediaSec(clocks) {
      if (isUnknown || clocks === undefined || sums.size === 0) return undefined
      let longestSec = 0
      for (const [id, { ticks, defaulted }] of sums) {
        const clock = clocks.get(id)
        if (clock === undefined) return undefined
        if (defaulted > 0 && clock.defaultTicks === undefined) return undefined
        const trackTicks = ticks + defaulted * (clock.defaultTicks ?? 0)
        longestSec = Math.max(longestSec, trackTicks / clock.ticksPerSec)
      }
      return longestSec
    },
  }
}
