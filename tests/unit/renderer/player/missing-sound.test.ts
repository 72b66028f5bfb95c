import { describe, expect, it } from 'vitest'
import { grownSound, hasSound } from '../../../../src-renderer/player/missing-sound'

const soundOf = (...stretches: readonly (readonly [fromSec: number, toSec: number])[]) => ({
  label: 'English',
  stretches: stretches.map(([fromSec, toSec]) => ({ fromMs: fromSec * 1000, toMs: toSec * 1000 })),
})
const picture = { fromMs: 0, toMs: 60_000 }

describe('whether the picture has its sound', () => {
  const holed = soundOf([10, 20], [20.6, 30], [40, 50])
  it.each([
    ['where it begins late', 5, false],
    ['in it', 10, true],
    ['where so little is missing that the player goes over it', 20.3, true],
    ['right before its end, where the player stops', 29.8, false],
    ['in a hole', 35, false],
    ['behind the hole', 40, true],
    ['behind its end', 55, false],
  ])('%s', (_where, atSec, expected) => {
    const answer = hasSound({
      sound: holed,
      atMs: atSec * 1000,
      picture,
      isGrowing: false,
      leadMs: 300,
    })
    expect(answer).toBe(expected)
  })

  it('waits at the live edge for sound that is only a little late', () => {
    const ask = (toSec: number) =>
      hasSound({
        sound: soundOf([0, toSec]),
        atMs: toSec * 1000,
        picture,
        isGrowing: true,
        leadMs: 300,
      })
    expect(ask(53)).toBe(true)
    expect(ask(51)).toBe(false)
  })

  it('does not wait where the picture goes on alone, until the sound has caught up', () => {
    const ask = (toSec: number) =>
      hasSound({
        sound: soundOf([0, toSec]),
        atMs: 56_000,
        picture,
        isGrowing: true,
        leadMs: 300,
        isAlone: true,
      })
    expect(ask(55)).toBe(false)
    expect(ask(57)).toBe(true)
  })

  it('waits at the beginning for sound that has not begun yet', () => {
    const ask = (toMs: number) =>
      hasSound({
        sound: soundOf(),
        atMs: 0,
        picture: { fromMs: 0, toMs },
        isGrowing: true,
        leadMs: 300,
      })
    expect(ask(7000)).toBe(true)
    expect(ask(9000)).toBe(false)
  })

  it('is always so where the sound is inside the picture', () => {
    expect(hasSound({ sound: undefined, atMs: 5000, picture, isGrowing: false, leadMs: 300 })).toBe(
      true,
    )
  })
})

describe('sound in a playlist that was opened earlier', () => {
  it('is not what came late in between, only what is new at the end', () => {
    const opened = soundOf([0, 10], [20, 30])
    expect(grownSound(opened, soundOf([0, 45]))).toEqual(soundOf([0, 10], [20, 45]))
    expect(grownSound(opened, soundOf([0, 30], [40, 45]))).toEqual(
      soundOf([0, 10], [20, 30], [40, 45]),
    )
    expect(grownSound(opened, soundOf([0, 30]))).toEqual(opened)
    expect(grownSound(soundOf(), soundOf([5, 9]))).toEqual(soundOf([5, 9]))
  })
})
