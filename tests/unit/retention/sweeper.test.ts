import { describe, expect, it } from 'vitest'
import type { LetGo } from '../../../src-main/retention/decide-retention'
import type { SpaceState } from '../../../src-main/retention/disk-space'
import { createSweeper } from '../../../src-main/retention/sweeper'
import { silentLogger } from '../../../src-main/ports/logger'
import { createFakeClock } from '../../support/fake-clock'

const gone = (id: string): LetGo => ({
  kind: 'footage',
  id,
  untilMs: 1,
  whole: true,
  bytes: 1,
  reason: 'space',
})

function setUp() {
  const clock = createFakeClock()
  const disk: { space: SpaceState; letGo: LetGo[]; fails: string[]; stays: string[] } = {
    space: 'ok',
    letGo: [],
    fails: [],
    stays: [],
  }
  const told: string[] = []
  let looks = 0
  const sweeper = createSweeper({
    clock,
    logger: silentLogger,
    async look() {
      looks += 1
      return { space: disk.space, letGo: [...disk.letGo] }
    },
    async act({ id }) {
      if (disk.fails.includes(id)) throw new Error('it is open elsewhere')
      if (disk.stays.includes(id)) return false
      disk.letGo = disk.letGo.filter((one) => one.id !== id)
      if (disk.letGo.length === 0) disk.space = 'ok'
      return true
    },
    onLook: (space, went) => told.push(`${space} ${went}`),
  })
  return { clock, disk, sweeper, told, looks: () => looks }
}

describe('the sweeper', () => {
  it('looks more often the less space there is', async () => {
    const { clock, disk, sweeper, looks } = setUp()
    sweeper.begin()
    await clock.advance(63_000)
    expect(looks()).toBe(7)
    disk.space = 'full'
    await clock.advance(30_000)
    expect(looks()).toBeGreaterThan(15)
    await sweeper.close()
    const before = looks()
    await clock.advance(60_000)
    expect(looks()).toBe(before)
  })

  it('F31 tells what the disk is like once what had to go is gone', async () => {
    const { disk, sweeper, told } = setUp()
    disk.space = 'full'
    disk.letGo = [gone('a'), gone('b')]
    await sweeper.sweep()
    expect(told).toEqual(['ok true'])
  })

  it('tells nothing of what did not go after all', async () => {
    const { disk, sweeper, told } = setUp()
    disk.letGo = [gone('a')]
    disk.stays = ['a']
    await sweeper.sweep()
    expect(told).toEqual(['ok false'])
  })

  it('F39 one that cannot go keeps no other from going, and is tried again', async () => {
    const { disk, sweeper, told } = setUp()
    disk.space = 'full'
    disk.letGo = [gone('a'), gone('b')]
    disk.fails = ['a']
    await sweeper.sweep()
    expect(disk.letGo.map(({ id }) => id)).toEqual(['a'])
    disk.fails = []
    await sweeper.sweep()
    expect(told).toEqual(['full true', 'ok true'])
  })
})
