import { describe, expect, it } from 'vitest'
import type { FilePort } from '../../../src-main/store/file-port'
import type { FakeClock } from '../../support/fake-clock'
import { recordOnFullDisk } from '../../support/full-disk'
import { setUpRecorderOnDisk } from '../../support/recorder-on-disk'

const ROOT = '/library'

/** Every write takes so long. */
const slowDisk = (writeMs: () => number) => (files: FilePort, clock: FakeClock) => ({
  ...files,
  async open(...given: Parameters<FilePort['open']>) {
    const file = await files.open(...given)
    return {
      ...file,
      async write(data: Uint8Array) {
        if (writeMs() > 0) await clock.sleep(writeMs())
        await file.write(data)
      },
    }
  },
})

const otherIdentity = { version: 1, id: 'f'.repeat(32) }
const otherOwner = (heartbeatMs: number) => ({
  pid: 7,
  host: 'elsewhere',
  startedMs: 1,
  heartbeatMs,
  nonce: 'another',
})

/** Numbers without a hole from the first to the last. */
const expectWhole = (numbers: readonly number[]) => {
  expect(numbers.length).toBeGreaterThan(0)
  expect(numbers).toEqual(numbers.map((_, at) => (numbers[0] ?? 0) + at))
}

describe('a disk that is full', () => {
  it('F31 is told within ten seconds, gets no empty files, and what waits is stored within ten seconds of space', async () => {
    const account = await recordOnFullDisk(2)
    expect(account).toMatchObject({ untold: 0, emptyFiles: 0, gaps: 0 })
    expect(account.slowestCaughtUpMs).toBeLessThanOrEqual(10_000)
  })
})

describe('a disk that is slow', () => {
  it('F32 of 200 ms a write holds up nothing and drops nothing', async () => {
    let writeMs = 0
    const setup = await setUpRecorderOnDisk({ windowCount: 5, disk: slowDisk(() => writeMs) })
    const { clock, recorder, record, gaps, numbers, firstListed, close } = setup
    writeMs = 200
    const starting = record()
    await clock.advance(10 * 60_000)
    const recording = await starting
    expect(recorder.status(recording.id)).toMatchObject({ state: 'recording' })
    expect(recorder.status(recording.id)?.outstandingSec).toBeUndefined()
    const stored = await numbers(recording)
    expectWhole(stored)
    expect(stored.at(-1)).toBeGreaterThanOrEqual(firstListed() + 3)
    expect(await gaps(recording)).toEqual([])
    await close()
  })

  it('F32 slower than the stream: a bounded number is under way, the lag is shown with its cause, all of it comes later', async () => {
    let writeMs = 0
    const setup = await setUpRecorderOnDisk({ windowCount: 150, disk: slowDisk(() => writeMs) })
    const { clock, files, recorder, record, gaps, numbers, firstListed, close } = setup
    const recording = await record()
    await clock.advance(20_000)
    writeMs = 7000
    await clock.advance(10_000)
    const status = recorder.status(recording.id)
    expect(status?.reason?.cause?.code).toBe('library_slow')
    let mostTemps = 0
    for (let at = 0; at < 10; at += 1) {
      await clock.advance(10_000)
      mostTemps = Math.max(mostTemps, files.names(`${ROOT}/recordings/${recording.id}/tmp`).length)
    }
    expect(mostTemps).toBeLessThan(70)
    expect(recorder.status(recording.id)?.outstandingSec).toBeGreaterThan(20)
    writeMs = 0
    await clock.advance(60_000)
    expect(recorder.status(recording.id)).toMatchObject({ state: 'recording' })
    expect(recorder.status(recording.id)?.outstandingSec).toBeUndefined()
    const stored = await numbers(recording)
    expectWhole(stored)
    expect(stored.at(-1)).toBeGreaterThanOrEqual(firstListed() + 148)
    expect(await gaps(recording)).toEqual([])
    await close()
  })
})

describe('a library whose disk goes away', () => {
  it('F33 writes nothing into the bare folder, says why it pauses, and goes on by itself', async () => {
    const setup = await setUpRecorderOnDisk({ windowCount: 60 })
    const { clock, files, library, recorder, record, gaps, numbers, close } = setup
    const recording = await record()
    await clock.advance(20_000)
    const mount = files.unmount(ROOT)
    await clock.advance(10_000)
    expect(recorder.status(recording.id)).toMatchObject({
      state: 'stalled',
      reason: { cause: { code: 'library_unwritable' } },
    })
    expect(recorder.status(recording.id)?.reason?.cause?.message).toContain('not there any more')
    await recording.update({ title: 'Meanwhile' }).catch(() => undefined)
    await expect(library.create(recording.meta)).rejects.toMatchObject({
      code: 'library_unwritable',
    })
    // Heartbeats of the lock, saves of the catalogue.
    await clock.advance(60_000)
    expect(files.names(ROOT)).toEqual([])
    mount()
    await clock.advance(10_000)
    expect(recorder.status(recording.id)).toMatchObject({ state: 'recording' })
    await clock.advance(20_000)
    expectWhole(await numbers(recording))
    expect(await gaps(recording)).toEqual([])
    await close()
    expect(files.names(ROOT)).not.toContain('library.lock')
  })

  it('F33 is not mixed up with another one in its place, and is not lost to its owner', async () => {
    const setup = await setUpRecorderOnDisk({ windowCount: 60 })
    const { clock, files, recorder, record, gaps, close } = setup
    const recording = await record()
    await clock.advance(20_000)
    const mount = files.unmount(ROOT)
    const others = { 'library.id': otherIdentity, 'library.lock': otherOwner(clock.nowMs()) }
    for (const [name, value] of Object.entries(others)) {
      files.poke(`${ROOT}/${name}`, Buffer.from(JSON.stringify(value)))
    }
    await clock.advance(30_000)
    expect(recorder.status(recording.id)?.reason?.cause?.code).toBe('library_unwritable')
    expect(files.names(ROOT).toSorted()).toEqual(Object.keys(others))
    mount()
    await clock.advance(30_000)
    expect(recorder.status(recording.id)).toMatchObject({ state: 'recording' })
    expect(await gaps(recording)).toEqual([])
    await close()
  })
})
