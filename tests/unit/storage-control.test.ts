import { describe, expect, it, onTestFinished } from 'vitest'
import { silentLogger } from '../../src-main/ports/logger'
import { createStorageControl } from '../../src-main/storage-control'
import type { Library, TrackStore } from '../../src-main/store/model'
import { createTrashControl } from '../../src-main/trash-control'
import { type Settings, settingsSchema } from '../../src-preload/contract/model'
import { createFakeClock } from '../support/fake-clock'
import { sampleGap, sampleMeta, sampleTrack } from '../support/fault-store-samples'
import { openInMemory, root, storeSample } from '../support/library-in-memory'
import { createMemoryFilePort } from '../support/memory-file-port'

const GB = 1e9

/** The control over a real library in memory, on a disk whose free space the test says. */
async function setUp(settings: Partial<Settings> = {}) {
  const disk = { freeBytes: 100 * GB }
  const memory = createMemoryFilePort()
  const files = {
    ...memory,
    space: async () => ({ freeBytes: disk.freeBytes, totalBytes: 1000 * GB }),
  }
  const library = await openInMemory(files)
  const clock = createFakeClock()
  const value = settingsSchema.parse(settings)
  const store = { get: () => value, onChange: () => () => undefined }
  const trash = createTrashControl({
    library,
    settings: store,
    logger: silentLogger,
    onChange: () => undefined,
  })
  let changes = 0
  const control = createStorageControl({
    library,
    settings: store,
    trash,
    clock,
    logger: silentLogger,
    isRunning: ({ meta }) => meta.state === 'recording',
    remove: (id) => library.delete(id),
    onChange: () => {
      changes += 1
    },
  })
  control.begin()
  onTestFinished(() => control.close())
  const ids = () => library.list().map(({ id }) => id)
  return { disk, memory, library, clock, control, ids, changes: () => changes }
}

/** A recording that is over, of some bytes. */
async function addStopped(library: Library, number: number): Promise<string> {
  const recording = await library.create({ ...sampleMeta, state: 'stopped', live: false })
  await storeSample(await recording.addTrack(sampleTrack), number)
  return recording.id
}
async function addRunning(library: Library): Promise<TrackStore> {
  return (await library.create(sampleMeta)).addTrack(sampleTrack)
}

describe('F31 a disk that fills up', () => {
  it('is told early, pauses recording with its cause, and lets it go on by itself', async () => {
    const { disk, library, clock, control, changes } = await setUp()
    const track = await addRunning(library)
    disk.freeBytes = 1.9 * GB
    await clock.advance(15_000)
    expect((await control.status()).state).toBe('low')
    expect(changes()).toBe(1)
    await storeSample(track, 0)

    disk.freeBytes = 0.4 * GB
    await clock.advance(15_000)
    expect((await control.status()).state).toBe('full')
    await expect(storeSample(track, 1)).rejects.toMatchObject({
      code: 'disk_full',
      message: expect.stringContaining('500 MB stay free'),
    })
    // What is missing can still be noted.
    await track.appendGap(sampleGap(1, { cause: 'storage' }))

    disk.freeBytes = 1.5 * GB
    await clock.advance(5000)
    await storeSample(track, 2)
    expect(track.index.figures).toMatchObject({ segments: 2, gaps: 1 })
  })

  it('takes the trash first, and no footage unless that is allowed', async () => {
    const { disk, library, clock, control, ids } = await setUp()
    const kept = await addStopped(library, 0)
    const deleted = await addStopped(library, 1)
    await library.trash.put(deleted)
    disk.freeBytes = 0.9 * GB
    await clock.advance(15_000)
    expect(ids()).toEqual([kept])
    expect(await library.trash.list()).toEqual([])
    expect((await control.status()).trashBytes).toBe(0)
  })

  it('lets the oldest recording go where that is allowed, never a pinned one, and stops when it is enough', async () => {
    const { disk, library, clock, ids } = await setUp({ whenShort: 'delete-oldest' })
    const pinned = await addStopped(library, 0)
    await library.get(pinned)?.update({ pinned: true })
    const span = await addStopped(library, 1)
    await library.get(span)?.update({ pinnedSpans: [{ id: 'p1', fromMs: 0, toMs: 9e12 }] })
    const oldest = await addStopped(library, 2)
    const newer = await addStopped(library, 3)
    const running = await addRunning(library)
    await storeSample(running, 1)
    disk.freeBytes = 1 * GB - 1
    await clock.advance(4000)
    expect(ids()).not.toContain(oldest)
    expect(ids()).toHaveLength(4)
    expect(ids()).toEqual(expect.arrayContaining([pinned, span, newer]))
  })
})

describe('limits', () => {
  it('F39 a recording that runs loses its beginning, but for what is in use', async () => {
    const { library, clock } = await setUp({ maxRecordingBytes: 9 * 30 })
    const track = await addRunning(library)
    const [recording] = library.list()
    if (recording === undefined) throw new Error('there is no recording')
    // Four seconds each: five minutes.
    for (let number = 10; number < 85; number += 1) await storeSample(track, number)
    const bytesBefore = recording.figures.bytes
    const release = library.inUse.hold(recording.id, recording.figures.startMs ?? 0)
    await clock.advance(4000)
    expect(recording.figures.bytes).toBe(bytesBefore)
    release()
    await clock.advance(40_000)
    expect(recording.figures.bytes).toBeLessThanOrEqual(300)
    expect(recording.figures.bytes).toBeGreaterThan(150)
    expect(recording.figures.segments).toBeGreaterThan(15)
  })

  it('let go of what is too old and too much', async () => {
    const { library, clock, ids } = await setUp({ maxLibraryBytes: 10 })
    const first = await addStopped(library, 0)
    const second = await addStopped(library, 1)
    await clock.advance(4000)
    expect(ids()).toEqual([second])
    expect(first).not.toBe(second)
  })

  it('F39 spare what is pinned or used while others go', async () => {
    const { library, clock, ids } = await setUp({ maxLibraryBytes: 1 })
    const first = await addStopped(library, 0)
    const second = await addStopped(library, 1)
    const third = await addStopped(library, 2)
    const { delete: remove } = library
    // Somebody pins the second and watches the third while the first is being removed.
    library.delete = async (id) => {
      await remove(id)
      await library.get(second)?.update({ pinned: true })
      library.inUse.hold(third, 0)
    }
    await clock.advance(4000)
    expect(ids()).not.toContain(first)
    expect(ids().sort()).toEqual([second, third].sort())
  })

  it('F37 are off while a recording cannot be read, but for what was deleted', async () => {
    const { memory, library } = await setUp()
    const broken = await addStopped(library, 0)
    const whole = await addStopped(library, 1)
    const deleted = await addStopped(library, 2)
    await library.trash.put(deleted)
    await library.close()
    memory.poke(`${root}/recordings/${broken}/recording.json`, Buffer.alloc(300))
    memory.poke(`${root}/library.json`, Buffer.alloc(300))
    const again = await openInMemory(memory)
    const clock = createFakeClock()
    const value = settingsSchema.parse({ maxAgeDays: 1, maxLibraryBytes: 1 })
    const settings = { get: () => value, onChange: () => () => undefined }
    const onChange = () => undefined
    const parts = { library: again, settings, logger: silentLogger, onChange }
    const control = createStorageControl({
      ...parts,
      trash: createTrashControl(parts),
      clock,
      isRunning: () => false,
      remove: (id) => again.delete(id),
    })
    control.begin()
    await clock.advance(30_000)
    await control.close()
    expect(again.list().map(({ id }) => id)).toEqual([whole])
    expect(await again.trash.list()).toEqual([])
    expect((await control.status()).limitsOff).toBe(true)
  })
})
