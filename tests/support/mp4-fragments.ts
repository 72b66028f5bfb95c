/** A box of MP4 with this payload. */
export function mp4Box(type: string, ...payload: readonly Uint8Array[]): Buffer {
  const header = Buffer.alloc(8)
  header.writeUInt32BE(8 + payload.reduce((sum, piece) => sum + piece.length, 0))
  header.write(type, 4, 'latin1')
  return Buffer.concat([header, ...payload])
}

const words32 = (...values: readonly number[]): Buffer => {
  const bytes = Buffer.alloc(values.length * 4)
  values.forEach((value, at) => bytes.writeUInt32BE(value, at * 4))
  return bytes
}

/** One track of an initialization section; `version` 1 has times of 64 bits. */
export interface TestTrack {
  readonly id: number
  readonly timescale: number
  readonly defaultTicks?: number
  readonly version?: 0 | 1
}

/** As much of an initialization section as tells how its tracks count time. */
export function initOf(...tracks: readonly TestTrack[]): Buffer {
  const traks = tracks.map(({ id, timescale, version = 0 }) => {
    const head = words32(version * 2 ** 24, ...Array<number>(version === 1 ? 4 : 2).fill(0))
    const tkhd = mp4Box('tkhd', head, words32(id, 0))
    const mdhd = mp4Box('mdhd', head, words32(timescale, 0))
    return mp4Box('trak', tkhd, mp4Box('mdia', mdhd))
  })
  const trexes = tracks.map(({ id, defaultTicks = 0 }) =>
    mp4Box('trex', words32(0, id, 1, defaultTicks, 0, 0)),
  )
  const moov = mp4Box(
    'moov',
    mp4Box('mvhd', Buffer.alloc(100)),
    ...traks,
    mp4Box('mvex', ...trexes),
  )
  return Buffer.concat([mp4Box('ftyp', Buffer.from('iso5')), moov])
}

/** A run of samples: so many with the default duration, or with one each (and sizes beside them). */
export type TestRun = number | readonly number[]

/** `trun` with a data offset. */
export function trunOf(run: TestRun): Buffer {
  if (typeof run === 'number') return mp4Box('trun', words32(0x000001, run, 0))
  const samples = run.flatMap((ticks) => [ticks, 1000])
  return mp4Box('trun', words32(0x000301, run.length, 0, ...samples))
}

/** `traf`; `defaultTicks` goes into `tfhd`. */
export function trafOf(options: {
  readonly id: number
  readonly defaultTicks?: number
  readonly runs: readonly TestRun[]
}): Buffer {
  const { id, defaultTicks, runs } = options
  const tfhd =
    defaultTicks === undefined ? words32(0x020000, id) : words32(0x02000a, id, 1, defaultTicks)
  return mp4Box('traf', mp4Box('tfhd', tfhd), ...runs.map(trunOf))
}

/** A fragment: `moof` of these tracks, and an `mdat`. */
export function fragmentOf(...trafs: readonly Uint8Array[]): Buffer {
  const mfhd = mp4Box('mfhd', words32(0, 1))
  return Buffer.concat([mp4Box('moof', mfhd, ...trafs), mp4Box('mdat', Buffer.alloc(50, 9))])
}
