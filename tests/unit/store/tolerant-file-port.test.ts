import { describe, expect, it } from 'vitest'
import { tolerantFilePort } from '../../../src-main/store/tolerant-file-port'
import { createMemoryFilePort } from '../../support/memory-file-port'

const prepare = (failures: number, errno: string) => {
  const files = createMemoryFilePort()
  files.poke('/a', Buffer.from('new'))
  files.poke('/b', Buffer.from('old'))
  let left = failures
  files.before = () => {
    left -= 1
    return left >= 0 ? errno : undefined
  }
  const waits: number[] = []
  const port = tolerantFilePort({
    files,
    clock: {
      sleep: async (ms) => {
        waits.push(ms)
      },
    },
  })
  return { files, port, waits }
}

describe('tolerant file port', () => {
  it.each(['EPERM', 'EBUSY'])('F40 a rename refused with %s is tried again', async (errno) => {
    const { files, port, waits } = prepare(3, errno)
    await port.rename('/a', '/b')
    expect(files.peek('/b')?.toString()).toBe('new')
    expect(waits).toHaveLength(3)
  })

  it('F40 it gives up after a bounded time, with both files as they were', async () => {
    const { files, port, waits } = prepare(Number.POSITIVE_INFINITY, 'EBUSY')
    await expect(port.rename('/a', '/b')).rejects.toMatchObject({ code: 'EBUSY' })
    expect([files.peek('/a')?.toString(), files.peek('/b')?.toString()]).toEqual(['new', 'old'])
    expect(waits.reduce((sum, ms) => sum + ms, 0)).toBeLessThan(2000)
  })

  it('F40 other failures of a rename are not retried', async () => {
    const { port, waits } = prepare(1, 'ENOSPC')
    await expect(port.rename('/a', '/b')).rejects.toMatchObject({ code: 'ENOSPC' })
    expect(waits).toEqual([])
  })

  it.each(['EPERM', 'EISDIR', 'EINVAL'])(
    'F41 a folder fsync that is not permitted (%s) is let pass',
    async (errno) => {
      const { port } = prepare(1, errno)
      await expect(port.syncFolder('/')).resolves.toBeUndefined()
      const open = prepare(1, errno)
      await expect((await open.port.openFolder('/')).sync()).resolves.toBeUndefined()
    },
  )

  it.each(['EPERM', 'EISDIR'])(
    'F41 a folder that cannot be opened (%s) is not synced',
    async (errno) => {
      const { files, port } = prepare(0, errno)
      files.openFolder = () => Promise.reject(Object.assign(new Error(errno), { code: errno }))
      const folder = await port.openFolder('/')
      await folder.sync()
      await folder.close()
      expect(files.operations).toBe(0)
    },
  )

  it.each(['EIO', 'ENOSPC', 'ENOENT'])(
    'F41 a folder fsync that fails (%s) is not',
    async (errno) => {
      const { port } = prepare(1, errno)
      await expect(port.syncFolder('/')).rejects.toMatchObject({ code: errno })
    },
  )
})
