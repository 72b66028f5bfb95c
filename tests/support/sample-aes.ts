import { createCipheriv } from 'node:crypto'
import { readUnits, sectionCrc, type TsUnit, writeUnits } from './ts-packets'

/**
 * Encrypts MPEG-TS as Apple's "MPEG-2 Stream Encryption Format for HTTP Live Streaming" says, which ffmpeg can read
 * and cannot write: H.264 slices one block in ten, AAC and AC-3 frames behind 16 clear bytes.
 */

const BLOCK_BYTES = 16
/** Clear bytes in front of every frame of sound. */
const SOUND_LEADER_BYTES = 16
/** NAL unit type and the 31 bytes behind it. */
const SLICE_LEADER_BYTES = 32
const SHORTEST_SLICE_BYTES = 49
const CLEAR_BYTES_BETWEEN = 144

/** Stream type in the clear -> the encrypted one, and what its private_data_indicator_descriptor says. */
const streamTypes: ReadonlyMap<number, { readonly type: number; readonly indicator: string }> =
  new Map([
    [0x1b, { type: 0xdb, indicator: 'zavc' }],
    [0x0f, { type: 0xcf, indicator: 'aacd' }],
    [0x81, { type: 0xc1, indicator: 'ac3d' }],
  ])

type Encrypt = (data: Uint8Array) => Uint8Array

/** Encrypts the samples of one segment. @param iv 16 bytes, used anew for every sample. */
export function encryptSamples(options: {
  readonly ts: Uint8Array
  readonly key: Uint8Array
  readonly iv: Uint8Array
}): Buffer {
  const { ts, key, iv } = options
  const units = readUnits(ts)
  const pmtPid = pmtPidOf(units)
  const types = streamsOf(units.find(({ pid }) => pid === pmtPid))
  const createCbc = (): Encrypt => {
    const cipher = createCipheriv('aes-128-cbc', key, iv).setAutoPadding(false)
    return (data) => cipher.update(data)
  }
  const encrypted = units.map((unit): TsUnit => {
    if (unit.pid === pmtPid) return { ...unit, payload: encryptedPmt(unit.payload) }
    const type = types.get(unit.pid)
    return type === undefined
      ? unit
      : { ...unit, payload: encryptPes(unit.payload, type, createCbc) }
  })
  return writeUnits(encrypted, (pid) => !types.has(pid))
}

/** Encrypts the frames of packed AAC, AC-3 or E-AC-3 behind their ID3 tag. @param iv 16 bytes, used anew for every frame. */
export function encryptPackedAudio(options: {
  readonly body: Uint8Array
  readonly key: Uint8Array
  readonly iv: Uint8Array
}): Buffer {
  const { body, key, iv } = options
  const createCbc = (): Encrypt => {
    const cipher = createCipheriv('aes-128-cbc', key, iv).setAutoPadding(false)
    return (data) => cipher.update(data)
  }
  const [third = 0, fourth = 0] = body.subarray(8)
  // Tags here are short: two of the four bytes of their length are enough.
  const tagBytes = body[0] === 0x49 ? 10 + ((third << 7) | fourth) : 0
  const frames = body.subarray(tagBytes)
  const sealed = encryptSound(frames, frames[0] === 0xff ? 0x0f : 0x81, createCbc)
  return Buffer.concat([body.subarray(0, tagBytes), sealed])
}

/** The section behind the pointer field, without what fills the packet. */
function sectionOf(payload: Uint8Array): Uint8Array {
  const from = 1 + (payload[0] ?? 0)
  const bytes = (((payload[from + 1] ?? 0) & 0x0f) << 8) | (payload[from + 2] ?? 0)
  return payload.subarray(from, from + 3 + bytes)
}

function pmtPidOf(units: readonly TsUnit[]): number {
  const pat = units.find(({ pid }) => pid === 0)
  if (pat === undefined) throw new Error('the stream has no program association table')
  const section = sectionOf(pat.payload)
  return (((section[10] ?? 0) & 0x1f) << 8) | (section[11] ?? 0)
}

interface PmtEntry {
  readonly type: number
  readonly pid: number
  readonly descriptors: Uint8Array
}

function entriesOf(section: Uint8Array): PmtEntry[] {
  const entries: PmtEntry[] = []
  let at = 12 + ((((section[10] ?? 0) & 0x0f) << 8) | (section[11] ?? 0))
  while (at < section.length - 4) {
    const [type = 0, high = 0, low = 0, lengthHigh = 0, lengthLow = 0] = section.subarray(at)
    const length = ((lengthHigh & 0x0f) << 8) | lengthLow
    const descriptors = section.subarray(at + 5, at + 5 + length)
    entries.push({ type, pid: ((high & 0x1f) << 8) | low, descriptors })
    at += 5 + length
  }
  return entries
}

/** PID -> stream type of what is encrypted. */
function streamsOf(pmt: TsUnit | undefined): ReadonlyMap<number, number> {
  if (pmt === undefined) throw new Error('the stream has no program map table')
  const entries = entriesOf(sectionOf(pmt.payload))
  return new Map(entries.filter(({ type }) => streamTypes.has(type)).map((e) => [e.pid, e.type]))
}

function encryptedPmt(payload: Uint8Array): Uint8Array {
  const section = sectionOf(payload)
  const programBytes = 12 + ((((section[10] ?? 0) & 0x0f) << 8) | (section[11] ?? 0))
  const entries = entriesOf(section).map(({ type, pid, descriptors }) => {
    const sealed = streamTypes.get(type)
    const added = sealed === undefined ? [] : [0x0f, 4, ...Buffer.from(sealed.indicator, 'latin1')]
    const all = [...descriptors, ...added]
    return [
      sealed?.type ?? type,
      0xe0 | (pid >> 8),
      pid & 0xff,
      0xf0 | (all.length >> 8),
      all.length & 0xff,
      ...all,
    ]
  })
  const body = Buffer.from([...section.subarray(0, programBytes), ...entries.flat()])
  const length = body.length - 3 + 4
  body[1] = ((body[1] ?? 0) & 0xf0) | (length >> 8)
  body[2] = length & 0xff
  const crc = Buffer.alloc(4)
  crc.writeUInt32BE(sectionCrc(body))
  return Buffer.concat([Buffer.of(0), body, crc])
}

function encryptPes(pes: Uint8Array, type: number, createCbc: () => Encrypt): Uint8Array {
  const headerBytes = 9 + (pes[8] ?? 0)
  const length = ((pes[4] ?? 0) << 8) | (pes[5] ?? 0)
  const end = length === 0 ? pes.length : 6 + length
  const samples = pes.subarray(headerBytes, end)
  const sealed =
    type === 0x1b ? encryptPicture(samples, createCbc) : encryptSound(samples, type, createCbc)
  const out = Buffer.concat([pes.subarray(0, headerBytes), sealed])
  if (length !== 0) out.writeUInt16BE(out.length - 6, 4)
  return out
}

/** Start codes stay; each NAL unit stands between two of them. */
function encryptPicture(annexB: Uint8Array, createCbc: () => Encrypt): Uint8Array {
  const data = Buffer.from(annexB)
  const starts: { readonly code: number; readonly unit: number }[] = []
  for (let at = data.indexOf(START_CODE); at >= 0; at = data.indexOf(START_CODE, at + 3)) {
    starts.push({ code: at > 0 && data[at - 1] === 0 ? at - 1 : at, unit: at + 3 })
  }
  const parts = starts.flatMap(({ code, unit }, number) => {
    const end = starts[number + 1]?.code ?? data.length
    return [data.subarray(code, unit), encryptNalUnit(data.subarray(unit, end), createCbc)]
  })
  return Buffer.concat(parts)
}

const START_CODE = Buffer.of(0, 0, 1)

function encryptNalUnit(unit: Buffer, createCbc: () => Encrypt): Uint8Array {
  const type = (unit[0] ?? 0) & 0x1f
  if ((type !== 1 && type !== 5) || unit.length < SHORTEST_SLICE_BYTES) return unit
  const sealed = Buffer.from(unit)
  const cbc = createCbc()
  let at = SLICE_LEADER_BYTES
  while (at < sealed.length) {
    if (sealed.length - at > BLOCK_BYTES) {
      sealed.set(cbc(sealed.subarray(at, at + BLOCK_BYTES)), at)
      at += BLOCK_BYTES
    }
    at += CLEAR_BYTES_BETWEEN
  }
  return withEmulationPrevention(sealed)
}

/** No start code may come about by chance (ISO/IEC 14496-10 7.4.1). */
function withEmulationPrevention(unit: Uint8Array): Uint8Array {
  const out: number[] = []
  let zeros = 0
  for (const byte of unit) {
    if (zeros >= 2 && byte <= 3) {
      out.push(3)
      zeros = 0
    }
    out.push(byte)
    zeros = byte === 0 ? zeros + 1 : 0
  }
  return Uint8Array.from(out)
}

function encryptSound(frames: Uint8Array, type: number, createCbc: () => Encrypt): Uint8Array {
  const out = Buffer.from(frames)
  for (let at = 0; at < out.length; ) {
    const { frameBytes, headerBytes } = type === 0x0f ? adtsFrame(out, at) : ac3Frame(out, at)
    const from = at + headerBytes + SOUND_LEADER_BYTES
    const blocks = Math.floor((at + frameBytes - from) / BLOCK_BYTES)
    const to = from + Math.max(0, blocks) * BLOCK_BYTES
    if (to > from) out.set(createCbc()(out.subarray(from, to)), from)
    at += frameBytes
  }
  return out
}

function adtsFrame(data: Buffer, at: number) {
  if (data.readUInt16BE(at) >> 4 !== 0xfff) throw new Error(`no ADTS frame at ${at}`)
  const frameBytes = ((data.readUIntBE(at + 3, 3) >> 5) & 0x1fff) as number
  return { frameBytes, headerBytes: (data.readUInt8(at + 1) & 1) === 1 ? 7 : 9 }
}

/** Bytes of a frame at 48 kHz by its frame size code (ATSC A/52 table 5.18): all that tests use. */
const AC3_BYTES_48_KHZ = [
  128, 160, 192, 224, 256, 320, 384, 448, 512, 640, 768, 896, 1024, 1280, 1536, 1792, 2048, 2304,
  2560,
]

function ac3Frame(data: Buffer, at: number) {
  if (data.readUInt16BE(at) !== 0x0b77) throw new Error(`no AC-3 frame at ${at}`)
  const isEnhanced = data.readUInt8(at + 5) >> 3 > 10
  if (isEnhanced)
    return { frameBytes: ((data.readUInt16BE(at + 2) & 0x7ff) + 1) * 2, headerBytes: 0 }
  const frameBytes = AC3_BYTES_48_KHZ[(data.readUInt8(at + 4) & 0x3f) >> 1] ?? 0
  return { frameBytes, headerBytes: 0 }
}
