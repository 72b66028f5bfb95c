import { describe, expect, it } from 'vitest'
import { silentLogger } from '../../../src-main/ports/logger'
import { openLibrary } from '../../../src-main/store/library'
import { acquireLibraryLock, type LockProcess } from '../../../src-main/store/library-lock'
import { createStillClock, sampleMeta, sampleProcess } from '../../support/fault-store-samples'
import { createMemoryFilePort } from '../../support/memory-file-port'

const path = '/library/library.lock'
const prepare = () => {
  const files = createMemoryFilePort()
  files.poke('/library/.keep', Buffer.alloc(0))
  const clock = createStillClock()
  const take = (process: LockProcess) =>
    acquireLibraryLock({ files, path, clock, logger: silentLogger, process })
  return { files, clock, take }
}
const alive = new Set([1, 2])
/** Lets the heartbeat, which only waits on memory, come to rest. */
const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 50; turn += 1) await Promise.resolve()
}

describe('library lock', () => {
  it('F42 a second start is refused and hears who holds the library', async () => {
    const { take } = prepare()
    const first = await take(sampleProcess(1, alive))
    await expect(take(sampleProcess(2, alive))).rejects.toMatchObject({
      code: 'library_locked',
      message: expect.stringContaining('Another VSR (process 1 on here)') as string,
    })
    await expect(take(sampleProcess(1, alive))).rejects.toMatchObject({ code: 'library_locked' })
    await first.release()
    await (await take(sampleProcess(2, alive))).release()
  })

  it('F42 says where the one that holds the library is, once that is known', async () => {
    const { take } = prepare()
    const first = await take(sampleProcess(1, alive))
    await first.announce('http://127.0.0.1:8787/')
    await expect(take(sampleProcess(2, alive))).rejects.toMatchObject({
      code: 'library_locked',
      message:
        'Another VSR (process 1 on here) is using this library. It is at http://127.0.0.1:8787/.',
    })
    await first.release()
    await (await take(sampleProcess(2, alive))).release()
  })

  it('F42 the lock of a dead process is taken over', async () => {
    const { take } = prepare()
    await take(sampleProcess(1))
    const second = await take(sampleProcess(2, new Set([2])))
    expect(second.lost).toBe(false)
    await second.release()
  })

  it('F42 the same process number after a restart, as in a container, is another process', async () => {
    const { take } = prepare()
    await take(sampleProcess(1))
    await take({ ...sampleProcess(1), startedMs: 99 })
  })

  it('F42 a lock of another machine holds until its heartbeat is a minute old', async () => {
    const { clock, files, take } = prepare()
    // Its clock stands still: it does not come to its next heartbeat.
    await acquireLibraryLock({
      files,
      path,
      clock: createStillClock(),
      logger: silentLogger,
      process: { ...sampleProcess(1), host: 'elsewhere' },
    })
    // This machine has no process 1, and that says nothing about the other machine.
    await expect(take(sampleProcess(2))).rejects.toMatchObject({ code: 'library_locked' })
    clock.advance(9000)
    await settle()
    await expect(take(sampleProcess(2))).rejects.toMatchObject({ code: 'library_locked' })
    clock.advance(61_000)
    await take(sampleProcess(2))
  })

  it('F42 a heartbeat keeps the lock for hours', async () => {
    const { clock, take } = prepare()
    await take(sampleProcess(1, alive))
    for (let beat = 0; beat < 400; beat += 1) {
      clock.advance(10_000)
      await settle()
    }
    await expect(take(sampleProcess(2, alive))).rejects.toMatchObject({ code: 'library_locked' })
  })

  it.each(['', '{"pid":', '{"pid":"x"}', '\0\0\0\0'])(
    'F42 a torn lock (%j) is taken over',
    async (content) => {
      const { files, take } = prepare()
      files.poke(path, Buffer.from(content))
      const lock = await take(sampleProcess(1))
      await lock.release()
      expect(files.peek(path)).toBeUndefined()
    },
  )

  it('F42 who slept too long sees that the lock is lost, and gives nothing back', async () => {
    const { clock, files, take } = prepare()
    const first = await take({ ...sampleProcess(1), host: 'elsewhere' })
    // Its heartbeat fails while it sleeps.
    files.before = () => 'EIO'
    clock.advance(61_000)
    await settle()
    files.before = () => undefined
    const second = await take(sampleProcess(2))
    clock.advance(10_000)
    await settle()
    expect([first.lost, second.lost]).toEqual([true, false])
    await first.release()
    expect(files.peek(path)).toBeDefined()
  })

  it('F42 a library whose lock was lost writes no more', async () => {
    const files = createMemoryFilePort()
    const clock = createStillClock()
    const library = await openLibrary({
      root: '/library',
      mode: 'write',
      clock,
      logger: silentLogger,
      files,
      process: sampleProcess(1),
    })
    const recording = await library.create(sampleMeta)
    files.poke(path, Buffer.from('{}'))
    clock.advance(10_000)
    await settle()
    await expect(recording.update({ title: 'x' })).rejects.toMatchObject({ code: 'library_locked' })
    await expect(library.create(sampleMeta)).rejects.toMatchObject({ code: 'library_locked' })
    await library.close()
    expect(files.peek(path)?.toString()).toBe('{}')
  })
})
