import { describe, expect, it } from 'vitest'
import type { Library, RecordingStore, Row, TrackStore } from '../../../src-main/store/model'
import {
  sampleGap,
  sampleMeta,
  sampleSegment,
  sampleStartMs,
  sampleTrack,
} from '../../support/fault-store-samples'
import { openInMemory, root, storeSample } from '../../support/library-in-memory'
import {
  type CrashMode,
  crashModes,
  createMemoryFilePort,
  type MemoryFilePort,
} from '../../support/memory-file-port'

const SEC = 4
/** Start of the segment of that number, unix ms. */
const at = (number: number) => sampleStartMs + number * SEC * 1000

const rowsOf = (track: TrackStore): Row[] =>
  Array.from({ length: track.index.length }, (_, position) => track.index.rowAt(position))

/** Numbers of the segments that a track has. */
const numbersOf = (track: TrackStore): number[] =>
  rowsOf(track).flatMap((row) => (row.kind === 'segment' ? [row.mediaSequence - 100] : []))

const firstTrack = async (library: Library): Promise<TrackStore> => {
  const [track] = (await library.list()[0]?.tracks()) ?? []
  if (track === undefined) throw new Error('there is no track')
  return track
}

/** Names of all media files below a track's folder. */
function mediaOf(files: MemoryFilePort, folder: string): string[] {
  return files
    .names(folder)
    .filter((name) => /^\d{4}-/.test(name))
    .flatMap((day) => files.names(`${folder}/${day}`))
    .sort()
}

const folderOf = (recording: RecordingStore, trackId = 'v0') =>
  `${root}/recordings/${recording.id}/${trackId}`

/** Nothing is there that no row names, nothing named is missing. */
function expectExact(files: MemoryFilePort, recording: RecordingStore, track: TrackStore): void {
  const named = rowsOf(track).flatMap((row) =>
    row.kind === 'gap' || row.kind === 'discontinuity'
      ? []
      : track.pathOf(row).split('/').slice(-1),
  )
  expect(mediaOf(files, folderOf(recording, track.info.id))).toEqual(named.sort())
}

async function begin(files = createMemoryFilePort()) {
  const library = await openInMemory(files)
  const recording = await library.create(sampleMeta)
  const track = await recording.addTrack(sampleTrack)
  return { files, library, recording, track }
}

describe('letting go', () => {
  it('lets go of whole segments that end before an instant, rows and files, and says how much', async () => {
    const { files, recording, track } = await begin()
    for (let number = 0; number < 10; number += 1) await storeSample(track, number)
    const seen: string[] = []
    const before = recording.figures
    const gone = await recording.letGo({ beforeMs: at(4) + 1000 })
    expect(gone).toEqual({ bytes: 4 * 'segment 0'.length, segments: 4, untilMs: at(4) })
    expect(numbersOf(track)).toEqual([4, 5, 6, 7, 8, 9])
    expect(track.index.segmentsBefore(0)).toBe(4)
    expect(recording.figures).toEqual({
      ...before,
      startMs: at(4),
      segments: 6,
      durationSec: 24,
      bytes: before.bytes - gone.bytes,
    })
    expectExact(files, recording, track)
    expect(seen).toEqual([])
    expect(await recording.letGo({ beforeMs: at(4) })).toMatchObject({ bytes: 0, segments: 0 })
  })

  it('comes back from the disk as it was, figures and numbers included, and goes on', async () => {
    const { files, library, recording, track } = await begin()
    for (let number = 0; number < 6; number += 1) await storeSample(track, number)
    await track.appendGap(sampleGap(6))
    for (let number = 7; number < 10; number += 1) await storeSample(track, number)
    await recording.letGo({ beforeMs: at(3) })
    await recording.letGo({ beforeMs: at(8) })
    await storeSample(track, 10)
    const { figures } = recording
    const rows = rowsOf(track)
    await library.close()
    const again = await openInMemory(files)
    expect(again.list()[0]?.figures).toEqual(figures)
    const reopened = await firstTrack(again)
    expect(rowsOf(reopened)).toEqual(rows)
    expect(reopened.index.segmentsBefore(0)).toBe(7)
    expect(reopened.index.discontinuitiesBefore(0)).toBe(1)
    await storeSample(reopened, 11)
    expect(numbersOf(reopened)).toEqual([8, 9, 10, 11])
  })

  it('keeps what later segments need: initialization section, key, the start of the epoch', async () => {
    const { files, recording, track } = await begin()
    await track.appendDiscontinuity({
      epoch: 0,
      startMs: at(0),
      reason: 'epoch',
      mediaSequence: 100,
      clock: 'source',
    })
    const temp = await track.createTemp()
    await temp.write(Buffer.from('section'))
    const init = await track.commitInit(temp, { epoch: 0, startMs: at(0), extension: 'mp4' })
    const old = await track.commitKey(Buffer.alloc(16, 1), { epoch: 0, startMs: at(0) })
    const commit = async (number: number, keyIndex: number) => {
      const media = await track.createTemp()
      await media.write(Buffer.from(`segment ${number}`))
      await track.commitSegment(
        media,
        sampleSegment(number, { initIndex: init.index, keyIndex, extension: 'm4s' }),
      )
    }
    await commit(0, old.index)
    const key = await track.commitKey(Buffer.alloc(16, 2), { epoch: 0, startMs: at(1) })
    for (const number of [1, 2, 3]) await commit(number, key.index)
    await recording.letGo({ beforeMs: at(3) })
    expect(rowsOf(track).map(({ kind, index }) => [kind, index])).toEqual([
      ['discontinuity', 0],
      ['init', 1],
      ['key', key.index],
      ['segment', 7],
    ])
    expect(track.index.positionOf(old.index)).toBeUndefined()
    expect(track.index.positionOf(init.index)).toBe(1)
    expectExact(files, recording, track)
    expect(recording.figures.startMs).toBe(at(3))
  })

  it('keeps the last segment, whatever is asked', async () => {
    const { recording, track } = await begin()
    for (let number = 0; number < 3; number += 1) await storeSample(track, number)
    await recording.letGo({ beforeMs: at(1000) })
    expect(numbersOf(track)).toEqual([2])
  })

  it('lets tracks begin together', async () => {
    const { recording, track } = await begin()
    const sound = await recording.addTrack({ ...sampleTrack, id: 'a0', kind: 'audio' })
    for (let number = 0; number < 5; number += 1) await storeSample(track, number)
    for (let number = 0; number < 10; number += 1) {
      const temp = await sound.createTemp()
      await temp.write(Buffer.from('sound'))
      const startMs = at(0) - 500 + number * 2000
      await sound.commitSegment(temp, sampleSegment(number, { startMs, durationSec: 2 }))
    }
    const gone = await recording.letGo({ beforeMs: at(2) + 1 })
    expect(gone.untilMs).toBe(at(2))
    expect(numbersOf(track)).toEqual([2, 3, 4])
    // Its middle is behind the cut.
    expect(sound.index.startMsAt(0)).toBe(at(2) - 500)
  })

  it('keeps the sound that was recorded while the picture was missing', async () => {
    const { recording, track } = await begin()
    const sound = await recording.addTrack({ ...sampleTrack, id: 'a0', kind: 'audio' })
    await storeSample(track, 0)
    await storeSample(track, 1)
    await track.appendGap(sampleGap(2, { durationSec: 20, count: 5 }))
    await storeSample(track, 7)
    for (let number = 0; number < 8; number += 1) await storeSample(sound, number)
    await recording.letGo({ beforeMs: at(4) })
    expect(numbersOf(sound)).toEqual([4, 5, 6, 7])
    expect(numbersOf(track)).toEqual([1, 7])
    await recording.letGo({ beforeMs: at(7) })
    expect(numbersOf(sound)).toEqual([7])
    expect(numbersOf(track)).toEqual([7])
  })

  it('touches nothing that no row names, nor anything through a link', async () => {
    const { files, recording, track } = await begin()
    for (let number = 0; number < 5; number += 1) await storeSample(track, number)
    const day = track.pathOf(rowsOf(track)[0] as never).replace(/\/[^/]*$/, '')
    files.poke(`${day}/holiday.ts`, Buffer.from('mine'))
    await recording.letGo({ beforeMs: at(4) })
    expect(files.names(day)).toEqual(['holiday.ts'])
  })

  it('lets go of nothing where the row cannot be written, and of it all the next time', async () => {
    const { files, recording, track } = await begin()
    for (let number = 0; number < 5; number += 1) await storeSample(track, number)
    files.before = ({ name, path }) =>
      name === 'write' && path.endsWith('.ndjson') ? 'ENOSPC' : undefined
    await expect(recording.letGo({ beforeMs: at(3) })).rejects.toMatchObject({ code: 'disk_full' })
    expect(numbersOf(track)).toEqual([0, 1, 2, 3, 4])
    files.before = () => undefined
    expect(await recording.letGo({ beforeMs: at(3) })).toMatchObject({ segments: 3 })
    expectExact(files, recording, track)
  })

  it('removes a file the next time that could not be removed, be it after a restart', async () => {
    const { files, library, recording, track } = await begin()
    for (let number = 0; number < 8; number += 1) await storeSample(track, number)
    files.before = ({ name }) => (name === 'unlink' ? 'EBUSY' : undefined)
    expect(await recording.letGo({ beforeMs: at(2) })).toMatchObject({ segments: 2, bytes: 0 })
    expect(numbersOf(track)).toEqual([2, 3, 4, 5, 6, 7])
    expect(await recording.letGo({ beforeMs: at(4) })).toMatchObject({ segments: 2, bytes: 0 })
    expect(mediaOf(files, folderOf(recording))).toHaveLength(8)
    files.before = () => undefined
    await library.close()
    const again = await openInMemory(files)
    const reopened = await firstTrack(again)
    expectExact(files, recording, reopened)
    expect(numbersOf(reopened)).toEqual([4, 5, 6, 7])
  })

  it('F39 leaves footage alone that is in use, and all that comes after it', async () => {
    const { library, recording, track } = await begin()
    for (let number = 0; number < 10; number += 1) await storeSample(track, number)
    const release = library.inUse.hold(recording.id, at(3) + 1)
    expect(await recording.letGo({ beforeMs: at(8) })).toMatchObject({ segments: 3 })
    expect(numbersOf(track)[0]).toBe(3)
    release()
    expect(await recording.letGo({ beforeMs: at(8) })).toMatchObject({ segments: 5 })
  })

  it('tells who listens', async () => {
    const { library, recording, track } = await begin()
    const told: string[] = []
    const stop = library.onLetGo((id) => told.push(id))
    for (let number = 0; number < 3; number += 1) await storeSample(track, number)
    await recording.letGo({ beforeMs: at(0) })
    expect(told).toEqual([])
    await recording.letGo({ beforeMs: at(1) })
    stop()
    await recording.letGo({ beforeMs: at(2) })
    expect(told).toEqual([recording.id])
  })
})

/** Stores so many segments at once, which is quick. */
async function storeMany(track: TrackStore, from: number, count: number): Promise<void> {
  const group = []
  for (let number = from; number < from + count; number += 1) {
    const temp = await track.createTemp()
    await temp.write(Buffer.from(`segment ${number}`))
    group.push({ temp, segment: sampleSegment(number) })
  }
  const { error } = await track.commitSegments(group)
  if (error !== undefined) throw error
}

describe('crash points of letting go', () => {
  it('F34 F37 figures of the list are those of the log at any of them, also when the log is written anew', async () => {
    const { files, recording, track } = await begin()
    await storeMany(track, 0, 1010)
    await recording.letGo({ beforeMs: at(2) })
    const log = `${folderOf(recording)}/segments.ndjson`
    const bytesBefore = files.peek(log)?.length ?? 0
    const images: MemoryFilePort[] = []
    files.after = ({ name }) => {
      if (name !== 'unlink') images.push(files.crash('applied'), files.crash('unsynced-lost'))
    }
    await recording.letGo({ beforeMs: at(1004) })
    await recording.update({ title: 'saves the list' })
    files.after = () => {}
    expect(files.peek(log)?.length).toBeLessThan(bytesBefore / 100)
    expect(recording.figures).toMatchObject({ segments: 6, startMs: at(1004) })
    expectExact(files, recording, track)
    expect(images.length).toBeGreaterThan(15)
    let anew = 0
    for (const image of images) {
      // A log that was written anew may grow to a length at which the list knew the old one: by then it knows of no length.
      const bytes = image.peek(log)
      if (bytes?.toString().startsWith('[5,"t"')) {
        for (const name of ['library.json', 'library.previous.json']) {
          const list = image.peek(`${root}/${name}`)
          const [known] = list === undefined ? [] : JSON.parse(String(list)).recordings
          expect([0, bytes.length]).toContain(known?.tracks[0].logBytes ?? 0)
        }
        anew += 1
      }
      // The process before is dead by then.
      const again = await openInMemory(image, { nowMs: at(100_000) })
      const [found] = again.list()
      const listed = found?.figures
      await found?.tracks()
      expect(found?.figures).toEqual(listed)
      await again.close()
    }
    expect(anew).toBeGreaterThan(3)
  })

  it.each<CrashMode>(crashModes)(
    'F34 F35 every one of them, %s: no acknowledged segment above the cut is lost, no file stays or is missing, recording goes on',
    async (mode) => {
      const { files, library, recording, track } = await begin()
      const sound = await recording.addTrack({ ...sampleTrack, id: 'a0', kind: 'audio' })
      const both = [track, sound]
      const store = async (number: number) => {
        for (const one of both) await storeSample(one, number)
      }
      for (let number = 0; number < 6; number += 1) await store(number)
      let last = 5
      /** From where on everything must be there, and how far letting go may have come. */
      let kept = 0
      const images: { files: MemoryFilePort; last: number; from: number; to: number }[] = []
      let to = 0
      files.after = () => images.push({ files: files.crash(mode), last, from: kept, to })
      const letGo = async (number: number) => {
        to = number
        await recording.letGo({ beforeMs: at(number) })
        kept = number
      }
      await letGo(2)
      await store(6)
      last = 6
      await Promise.all([letGo(4), store(7)])
      last = 7
      await library.close()
      expect(images.length).toBeGreaterThan(40)
      for (const image of images) {
        const again = await openInMemory(image.files, { nowMs: at(100_000) })
        const [reopened] = again.list()
        if (reopened === undefined) throw new Error('the recording is lost')
        for (const one of await reopened.tracks()) {
          const numbers = numbersOf(one)
          const [first = -1] = numbers
          expect(first).toBeGreaterThanOrEqual(image.from)
          expect(first).toBeLessThanOrEqual(image.to)
          expect(numbers).toEqual(numbers.map((_, place) => first + place))
          expect(numbers.at(-1)).toBeGreaterThanOrEqual(image.last)
          expect(one.index.segmentsBefore(0)).toBe(first)
          const more = await one.createTemp()
          await more.write(Buffer.from('more'))
          await one.commitSegment(more, sampleSegment(9))
          // A segment may be on the disk whose row was lost.
          const named = new Set(rowsOf(one).map(({ index }) => index))
          const there = mediaOf(image.files, folderOf(recording, one.info.id))
          for (const name of there) {
            const index = Number(name.split(/[-.]/)[1])
            expect(named.has(index) || index > 5, name).toBe(true)
          }
          expect(there.length).toBeGreaterThanOrEqual(named.size)
        }
        await again.close()
      }
    },
  )
})
