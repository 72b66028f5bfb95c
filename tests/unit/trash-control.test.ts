import { describe, expect, it } from 'vitest'
import { silentLogger } from '../../src-main/ports/logger'
import type { TrashedRecording } from '../../src-main/store/model'
import { createTrashControl } from '../../src-main/trash-control'
import { settingsSchema } from '../../src-preload/contract/model'
import { createFakeClock } from '../support/fake-clock'
import { createFakeLibrary } from '../support/fake-library'

const DAY_MS = 86_400_000
const trashed = (id: string, deletedMs: number): TrashedRecording => ({
  id,
  title: id,
  deletedMs,
  durationSec: 1,
  bytes: 10,
})

function setUp(options: { trashDays: number; items?: readonly TrashedRecording[] }) {
  const clock = createFakeClock({ nowMs: 100 * DAY_MS })
  let items = options.items ?? []
  const deleted: string[] = []
  const library = createFakeLibrary()
  const control = createTrashControl({
    library: {
      delete: async (id) => void deleted.push(id),
      trash: {
        ...library.trash,
        list: async () => items,
        put: async (id) => {
          items = [trashed(id, clock.nowMs()), ...items]
          return trashed(id, clock.nowMs())
        },
        remove: async (ids) => {
          items = items.filter(({ id }) => !ids.includes(id))
        },
      },
    },
    settings: { get: () => settingsSchema.parse({ trashDays: options.trashDays }) },
    logger: silentLogger,
    onChange: () => undefined,
  })
  return { control, deleted, ids: () => items.map(({ id }) => id) }
}

describe('the trash, as it is kept', () => {
  it('says until when each can be had back, and what all take', async () => {
    const { control } = setUp({ trashDays: 2, items: [trashed('a', 5), trashed('b', 3)] })
    expect((await control.list()).map(({ goneMs }) => goneMs)).toEqual([
      2 * DAY_MS + 5,
      2 * DAY_MS + 3,
    ])
    expect(await control.figures()).toEqual({ recordings: 2, bytes: 20 })
  })

  it('where nothing is kept, what is deleted is gone for good', async () => {
    const { control, deleted, ids } = setUp({ trashDays: 0 })
    await control.put('a')
    expect(deleted).toEqual(['a'])
    expect(ids()).toEqual([])
  })

  it('empties what is named, or all', async () => {
    const { control, ids } = setUp({
      trashDays: 3,
      items: [trashed('a', 5), trashed('b', 3), trashed('c', 2)],
    })
    expect(await control.empty(['b', 'unknown'])).toEqual(['b'])
    expect(ids()).toEqual(['a', 'c'])
    expect(await control.empty()).toEqual(['a', 'c'])
    expect(await control.empty()).toEqual([])
  })
})
