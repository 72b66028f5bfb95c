import { describe, expect, it } from 'vitest'
import type { Library } from '../../../src-main/store/model'
import {
  filledLibrary as filled,
  openInMemory as open,
  root,
} from '../../support/library-in-memory'
import { crashModes, type MemoryFilePort } from '../../support/memory-file-port'

const HOUR_MS = 3_600_000
const rowsOf = async (library: Library, id: string) =>
  (await library.get(id)?.tracks())?.[0]?.index.length
/** Opens what a crash has left, whose process is dead. */
const openAgain = (image: MemoryFilePort) => {
  image.remove(`${root}/library.lock`)
  return open(image)
}

describe('the trash', () => {
  it('gives back what was moved there, over restarts, with the time of its deletion and what it takes', async () => {
    const { files, id } = await filled()
    const first = await open(files, { nowMs: 5 * HOUR_MS })
    const figures = first.get(id)?.figures
    const { durationSec = 0, bytes = 0 } = figures ?? {}
    const trashed = { id, title: 'A title', deletedMs: 5 * HOUR_MS, durationSec, bytes }
    expect(await first.trash.put(id)).toEqual(trashed)
    expect(bytes).toBeGreaterThan(0)
    expect(first.get(id)).toBeUndefined()
    await first.close()
    const later = await open(files, { nowMs: 9 * HOUR_MS })
    expect(later.list()).toEqual([])
    expect(await later.trash.list()).toEqual([trashed])
    const restored = await later.trash.restore(id)
    expect(restored.figures).toEqual(figures)
    expect(await rowsOf(later, id)).toBe(4)
    expect(await later.trash.list()).toEqual([])
    await expect(later.trash.restore(id)).rejects.toMatchObject({ code: 'recording_not_found' })
    await later.close()
    const last = await open(files)
    expect(await rowsOf(last, id)).toBe(4)
  })

  it('removes for good what is named, and nothing else', async () => {
    const { files, id } = await filled()
    const library = await open(files)
    await library.trash.put(id)
    await library.trash.remove(['abcdefghijkl'])
    expect(await library.trash.list()).toHaveLength(1)
    await library.trash.remove([id])
    expect(await library.trash.list()).toEqual([])
    expect(files.names(`${root}/deleted`)).toEqual([])
    expect(files.names(`${root}/trash`)).toEqual([])
  })

  it('one that is asked for twice at once is given back once', async () => {
    const { files, id } = await filled()
    const library = await open(files)
    await library.trash.put(id)
    const [first, second] = await Promise.allSettled([
      library.trash.restore(id),
      library.trash.restore(id),
    ])
    expect(first).toMatchObject({ status: 'fulfilled' })
    expect(second).toMatchObject({
      status: 'rejected',
      reason: { code: 'recording_not_found' },
    })
  })

  it('S06 names no link, and removes nothing behind one', async () => {
    const { files } = await filled()
    files.poke('/elsewhere/recording.json', Buffer.from('not yours'))
    const library = await open(files)
    files.poke(`${root}/deleted/mine.txt`, Buffer.from('not of VSR'))
    files.link(`${root}/deleted/abcdefghijkl-1000`, '/elsewhere')
    expect(await library.trash.list()).toEqual([])
    await library.trash.remove(['abcdefghijkl'])
    expect(files.peek('/elsewhere/recording.json')).toBeDefined()
    expect(files.peek(`${root}/deleted/mine.txt`)).toBeDefined()
  })

  it('changes nothing in a library that is open for reading', async () => {
    const { files, id } = await filled()
    const reader = await open(files, { mode: 'read' })
    await expect(reader.trash.put(id)).rejects.toMatchObject({ code: 'library_unwritable' })
    expect(await rowsOf(reader, id)).toBe(4)
  })
})

describe.each(crashModes)('a crash, %s', (mode) => {
  /** What is left after each operation of an act. */
  async function imagesOf(
    files: MemoryFilePort,
    act: (library: Library) => Promise<unknown>,
  ): Promise<readonly MemoryFilePort[]> {
    const images: MemoryFilePort[] = []
    const library = await open(files)
    files.after = () => images.push(files.crash(mode))
    await act(library)
    expect(images.length).toBeGreaterThan(2)
    return images
  }

  it('F34 F35 at any point of moving there or back leaves all rows on one side', async () => {
    const { files, id } = await filled()
    const images = await imagesOf(files, async (library) => {
      await library.trash.put(id)
      await library.trash.restore(id)
    })
    for (const image of images) {
      const library = await openAgain(image)
      if (library.get(id) === undefined) await library.trash.restore(id)
      expect(await rowsOf(library, id)).toBe(4)
    }
  })

  it('F34 F35 at any point of emptying it offers a whole recording or none', async () => {
    const { files, id } = await filled()
    const images = await imagesOf(files, async (library) => {
      await library.trash.put(id)
      await library.trash.remove([id])
    })
    for (const image of images) {
      const library = await openAgain(image)
      if ((await library.trash.list()).length > 0) await library.trash.restore(id)
      if (library.get(id) !== undefined) expect(await rowsOf(library, id)).toBe(4)
      else expect(image.names(`${root}/trash`)).toEqual([])
    }
  })
})
