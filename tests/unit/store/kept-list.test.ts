import { expect, it } from 'vitest'
import { z } from 'zod'
import { silentLogger } from '../../../src-main/ports/logger'
import { openKeptList } from '../../../src-main/store/kept-list'
import { openLibrary } from '../../../src-main/store/library'
import { createFakeClock } from '../../support/fake-clock'
import { createMemoryFilePort } from '../../support/memory-file-port'

const root = '/library'
const file = `${root}/names.json`
const schema = z.object({ names: z.array(z.string()) })
const rest = {
  file,
  mode: 'write',
  logger: silentLogger,
  name: 'names',
  schema,
  loss: 'lost',
} as const

it('F33 a list beside the recordings is not written where the disk of the library is away, and is again when it is back', async () => {
  const disk = createMemoryFilePort()
  const clock = createFakeClock()
  const opened = { root, mode: 'write', files: disk, clock, logger: silentLogger } as const
  const library = await openLibrary(opened)
  const kept = await openKeptList({ ...rest, files: library.files })
  await kept.replace(['a'])
  const mount = disk.unmount(root)
  await kept.replace(['a', 'b'])
  expect(disk.names(root)).toEqual([])
  expect(kept.all()).toEqual(['a', 'b'])
  mount()
  await kept.replace(['a', 'b', 'c'])
  expect((await openKeptList({ ...rest, files: disk })).all()).toEqual(['a', 'b', 'c'])
  await library.close()
})
