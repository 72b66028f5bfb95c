import { setImmediate } from 'node:timers/promises'
import { crc32 } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { silentLogger } from '../../../src-main/ports/logger'
import { openLibrary } from '../../../src-main/store/library'
import type { RecordingStore, TrackStore } from '../../../src-main/store/model'
import {
  createStillClock,
  sampleGap,
  sampleMeta,
  sampleProcess,
  sampleSegment,
  sampleStartMs,
  sampleTrack,
} from '../../support/fault-store-samples'
import { createMemoryFilePort, type MemoryFilePort } from '../../support/memory-file-port'

async function prepare(): Promise<{
  files: MemoryFilePort
  recording: RecordingStore
  track: TrackStore
  temps: () => string[]
}> {
  const files = createMemoryFilePort()
  const library = await openLibrary({
    root: '/library',
    mode: 'write',
    clock: createStillClock(),
    logger: silentLogger,
    files,
    process: sampleProcess(1),
  })
  const recording = await library.create(sampleMeta)
  const track = await recording.addTrack(sampleTrack)
  const temps = () => files.names(`/library/recordings/${recording.id}/tmp`)
  // The catalogue is saved beside all else; nothing in it waits for more than a turn.
  await setImmediate()
  return { files, recording, track, temps }
}

describe('track store', () => {
  it('stores what was written, with size and CRC-32, under day, start and index', async () => {
    const { files, recording, track, temps } = await prepare()
    const parts = [1, 300_000, 70_000, 0, 200_000, 262_144, 5].map((bytes, at) =>
      Buffer.alloc(bytes, at + 1),
    )
    const whole = Buffer.concat(parts)
    const temp = await track.createTemp()
    const reused = Buffer.alloc(300_000)
    for (const part of parts) {
      // The caller may use its buffer again at once.
      reused.set(part)
      await temp.write(reused.subarray(0, part.length))
      reused.fill(0)
    }
    expect(temp.bytes).toBe(whole.length)
    const row = await track.commitSegment(temp, sampleSegment(0))
    expect(row).toEqual({
      kind: 'segment',
      index: 0,
      ...sampleSegment(0),
      bytes: whole.length,
      checksum: crc32(whole),
    })
    const path = track.pathOf(row)
    expect(path).toBe(`/library/recordings/${recording.id}/v0/2026-02-28/${sampleStartMs}-0.ts`)
    expect(files.peek(path)?.equals(whole)).toBe(true)
    expect(temps()).toEqual([])
    await temp.discard()
    expect(files.peek(path)).toBeDefined()
  })

  it('F28 a recording over midnight goes into two folders, named in UTC', async () => {
    const { files, recording, track } = await prepare()
    for (const number of [0, 1, 2, 3]) {
      const temp = await track.createTemp()
      await temp.write(Buffer.from('x'))
      await track.commitSegment(temp, sampleSegment(number))
    }
    expect(files.names(`/library/recordings/${recording.id}/v0`).sort()).toEqual([
      '2026-02-28',
      '2026-03-01',
      'segments.ndjson',
    ])
  })

  it('gives rows their index and place in the order of the calls, and no start before the one before', async () => {
    const { track } = await prepare()
    const temps = await Promise.all([0, 1, 2].map(() => track.createTemp()))
    const startsMs = [5000, 3000.4, 7000.6]
    const rows = await Promise.all([
      ...temps.map((temp, at) =>
        track.commitSegment(temp, sampleSegment(at, { startMs: startsMs[at] ?? 0 })),
      ),
      track.appendGap(sampleGap(0, { startMs: 6000, durationSec: 1.23456789 })),
    ])
    expect(rows.map(({ index, startMs }) => [index, startMs])).toEqual([
      [0, 5000],
      [1, 5000],
      [2, 7001],
      [3, 7001],
    ])
    expect(rows[3]).toMatchObject({ durationSec: 1.234568 })
    expect(track.index.rowAt(3)).toEqual(rows[3])
  })

  it('stores a late segment in the place of its gap, numbered over all tracks, and has it after a restart', async () => {
    const { files, recording, track } = await prepare()
    const audio = await recording.addTrack({ ...sampleTrack, id: 'a0', kind: 'audio' })
    for (const one of [track, audio]) {
      await one.appendGap(sampleGap(0, { count: 2, durationSec: 8 }))
      const temp = await one.createTemp()
      await one.commitSegment(temp, sampleSegment(2))
    }
    const fill = async (one: TrackStore, number: number, gapIndex: number) => {
      const temp = await one.createTemp()
      await temp.write(Buffer.from(`late ${number}`))
      return one.commitLate(temp, { ...sampleSegment(number), gapIndex, apart: false })
    }
    const told = track.index
    const second = await fill(track, 1, 0)
    await fill(audio, 0, 0)
    const first = await fill(track, 0, 0)
    expect([second, first].map(({ index, late }) => [index, late?.number])).toEqual([
      [1, 1],
      [0, 3],
    ])
    expect(files.peek(track.pathOf(first))?.toString()).toBe('late 0')
    expect(track.index.figures).toMatchObject({ segments: 3, gaps: 0, gapSec: 0 })
    expect(
      [told, track.indexAsOf(1), track.indexAsOf(2)].map(({ figures }) => figures.gaps),
    ).toEqual([1, 1, 1])
    expect(recording.figures.gaps).toBe(0)
    await expect(fill(track, 0, 0)).rejects.toThrow(RangeError)

    const again = await openLibrary({
      root: '/library',
      mode: 'read',
      clock: createStillClock(),
      logger: silentLogger,
      files,
      process: sampleProcess(2),
    })
    const [video] = (await again.get(recording.id)?.tracks()) ?? []
    expect(video?.index.rowAt(0)).toEqual(first)
    expect(again.get(recording.id)?.figures).toMatchObject({ segments: 3, gaps: 0 })
  })

  it('keeps a key under the same names as segments, and nothing of one that the disk refuses', async () => {
    const { files, recording, track, temps } = await prepare()
    const iv = '00112233445566778899aabbccddeeff'
    const secret = Buffer.alloc(16, 7)
    const row = await track.commitKey(secret, { epoch: 0, startMs: sampleStartMs, iv })
    expect(row).toMatchObject({ kind: 'key', index: 0, iv, bytes: 16, checksum: crc32(secret) })
    expect(track.pathOf(row)).toBe(
      `/library/recordings/${recording.id}/v0/2026-02-28/${sampleStartMs}-0.key`,
    )
    expect(files.peek(track.pathOf(row))?.equals(secret)).toBe(true)
    expect(temps()).toEqual([])
    files.before = ({ name }) => (name === 'write' ? 'ENOSPC' : undefined)
    await expect(
      track.commitKey(secret, { epoch: 0, startMs: sampleStartMs }),
    ).rejects.toMatchObject({ code: 'disk_full' })
    expect(temps()).toEqual([])
  })

  it('commits that wait together sync their folder and their log once', async () => {
    const { files, track } = await prepare()
    const temps = await Promise.all([0, 1, 2, 3, 4].map(() => track.createTemp()))
    for (const temp of temps) await temp.write(Buffer.from('x'))
    const names: string[] = []
    files.after = ({ name, path }) => {
      if (!path.includes('/tmp/')) names.push(name)
    }
    await Promise.all(temps.map((temp) => track.commitSegment(temp, sampleSegment(0))))
    expect(names).toEqual([
      'makeFolder',
      'syncFolder',
      ...temps.map(() => 'rename'),
      'syncFolder',
      'write',
      'sync',
    ])
  })

  it('F31 a full disk while bytes come in: refused with a sentence, nothing left behind, then on', async () => {
    const { files, track, temps } = await prepare()
    const temp = await track.createTemp()
    files.before = ({ name }) => (name === 'write' ? 'ENOSPC' : undefined)
    await expect(temp.write(Buffer.alloc(2_000_000))).rejects.toMatchObject({ code: 'disk_full' })
    await expect(track.commitSegment(temp, sampleSegment(0))).rejects.toMatchObject({
      code: 'disk_full',
    })
    await temp.discard()
    expect(temps()).toEqual([])
    files.before = () => undefined
    const next = await track.createTemp()
    await next.write(Buffer.from('x'))
    expect((await track.commitSegment(next, sampleSegment(1))).index).toBe(0)
  })

  it('F31 a full disk at the log row: the file is taken back, the others of the track stay', async () => {
    const { files, recording, track } = await prepare()
    await track.appendGap(sampleGap(0))
    const temp = await track.createTemp()
    await temp.write(Buffer.from('x'))
    files.before = ({ name, path }) =>
      name === 'write' && path.endsWith('.ndjson') ? 'ENOSPC' : undefined
    await expect(track.commitSegment(temp, sampleSegment(1))).rejects.toMatchObject({
      code: 'disk_full',
    })
    files.before = () => undefined
    const day = `/library/recordings/${recording.id}/v0/2026-02-28`
    expect(files.names(day)).toEqual([])
    expect(track.index.length).toBe(1)
    const gap = await track.appendGap(sampleGap(2))
    expect(track.index.rowAt(1)).toEqual(gap)
  })

  it('one commit that fails leaves others alone that wait with it', async () => {
    const { files, track } = await prepare()
    const temps = await Promise.all([0, 1, 2].map(() => track.createTemp()))
    for (const temp of temps) await temp.write(Buffer.from('x'))
    let syncs = 0
    files.before = ({ name, path }) => {
      if (name !== 'sync' || !path.includes('/tmp/')) return undefined
      syncs += 1
      return syncs === 2 ? 'EIO' : undefined
    }
    const results = await Promise.allSettled(
      temps.map((temp, at) => track.commitSegment(temp, sampleSegment(at))),
    )
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(track.index.length).toBe(2)
    expect(track.index.rowAt(1)).toMatchObject({ mediaSequence: 102, index: 1 })
  })

  it('nothing follows behind one that fails of those committed together, until it is committed again', async () => {
    const { files, track } = await prepare()
    const temps = await Promise.all([0, 1, 2].map(() => track.createTemp()))
    for (const temp of temps) await temp.write(Buffer.from('x'))
    const group = temps.map((temp, at) => ({ temp, segment: sampleSegment(at) }))
    let renames = 0
    files.before = ({ name }) => {
      if (name !== 'rename') return undefined
      renames += 1
      return renames === 2 ? 'ENOSPC' : undefined
    }
    const { rows, error } = await track.commitSegments(group)
    expect(rows.map(({ index }) => index)).toEqual([0])
    expect(error).toMatchObject({ code: 'disk_full' })
    const rest = await track.commitSegments(group.slice(1))
    expect(rest).toMatchObject({ rows: [{ index: 1 }, { index: 2 }], error: undefined })
    expect(track.index.length).toBe(3)
  })

  it('files whose rows the disk refuses can be committed again', async () => {
    const { files, track } = await prepare()
    const temps = await Promise.all([0, 1].map(() => track.createTemp()))
    for (const temp of temps) await temp.write(Buffer.from('x'))
    const group = temps.map((temp, at) => ({ temp, segment: sampleSegment(at) }))
    files.before = ({ name, path }) =>
      name === 'write' && path.endsWith('.ndjson') ? 'ENOSPC' : undefined
    const refused = await track.commitSegments(group)
    expect(refused).toMatchObject({ rows: [], error: { code: 'disk_full' } })
    expect(track.index.length).toBe(0)
    files.before = () => undefined
    const { rows, error } = await track.commitSegments(group)
    expect(error).toBeUndefined()
    for (const row of rows) expect(await files.readFile(track.pathOf(row))).toHaveLength(1)
    expect(track.index.length).toBe(2)
  })

  it('a temp file can be discarded at any time, twice, and be committed once only', async () => {
    const { track, temps } = await prepare()
    const dropped = await track.createTemp()
    await dropped.write(Buffer.from('x'))
    await dropped.discard()
    await dropped.discard()
    await expect(dropped.write(Buffer.from('y'))).rejects.toThrow('takes no more')
    const once = await track.createTemp()
    await once.write(Buffer.from('x'))
    await track.commitSegment(once, sampleSegment(0))
    await expect(track.commitSegment(once, sampleSegment(0))).rejects.toThrow('before')
    expect(temps()).toEqual([])
  })
})
