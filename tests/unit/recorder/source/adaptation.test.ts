import { describe, expect, it } from 'vitest'
import {
  adapt,
  type ProgressSample,
  startAdaptation,
} from '../../../../src-main/recorder/source/adaptation'

const rungsBps = [4_000_000, 2_000_000, 800_000, 300_000]

/** Samples with 2 s segments and a window of 20 s, one after the other at the given seconds. */
function run(
  samples: readonly (Partial<Omit<ProgressSample, 'atMs'>> & { readonly atSec: number })[],
  from = startAdaptation,
) {
  let state = from
  const rungs = samples.map(({ atSec, ...sample }) => {
    state = adapt(state, {
      atMs: atSec * 1000,
      behindSec: 2,
      targetDurationSec: 2,
      windowSec: 20,
      throughputBps: 8_000_000,
      rungsBps,
      ...sample,
    })
    return state.rung
  })
  return { rungs, state }
}
const slow = { behindSec: 8, throughputBps: 1_000_000 }

describe('adapt', () => {
  it('goes down to the highest quality that fits where footage is about to be lost', () => {
    expect(run([{ atSec: 0, ...slow }]).rungs).toEqual([2])
    expect(run([{ atSec: 0, ...slow, throughputBps: 2_500_000 }]).rungs).toEqual([1])
    expect(run([{ atSec: 0, ...slow, throughputBps: 1000 }]).rungs).toEqual([3])
  })

  it.each([
    { what: 'it is not far behind', sample: { behindSec: 6, throughputBps: 1_000_000 } },
    { what: 'the window is long', sample: { ...slow, windowSec: 60 } },
    { what: 'it catches up', sample: { behindSec: 19, throughputBps: 5_000_000 } },
    { what: 'nothing is known', sample: { behindSec: 19, throughputBps: undefined } },
    { what: 'no rate is declared', sample: { ...slow, rungsBps: [0, 0] } },
    { what: 'the person allows no other', sample: { ...slow, rungsBps: [4_000_000] } },
    { what: 'there is no ladder: a media playlist', sample: { ...slow, rungsBps: [] } },
  ])('stays where $what', ({ sample }) => {
    expect(run([{ atSec: 0, ...sample }]).rungs).toEqual([0])
  })

  it('does not use up a window of hours first', () => {
    const hours = { windowSec: 18_000, throughputBps: 1_000_000 }
    expect(run([{ atSec: 0, ...hours, behindSec: 19 }]).rungs).toEqual([0])
    expect(run([{ atSec: 0, ...hours, behindSec: 21 }]).rungs).toEqual([2])
  })

  it('lets the estimate follow before it goes down once more', () => {
    const lower = { behindSec: 8, throughputBps: 400_000 }
    const { rungs } = run([
      { atSec: 0, ...slow },
      { atSec: 2, ...lower },
      { atSec: 5, ...lower },
    ])
    expect(rungs).toEqual([2, 2, 3])
  })

  it('goes up again one rung at a time, after the way was wide enough for a while', () => {
    const { state } = run([{ atSec: 0, ...slow }])
    const seconds = Array.from({ length: 25 }, (_, at) => ({ atSec: 10 + at }))
    const { rungs } = run(seconds, state)
    expect(rungs.indexOf(1)).toBe(10)
    expect(rungs.indexOf(0)).toBe(21)
    expect(rungs.at(-1)).toBe(0)
  })

  it('begins to wait anew where the way becomes narrow in between, or it is behind', () => {
    const { state } = run([{ atSec: 0, ...slow }])
    for (const dip of [{ throughputBps: 2_500_000 }, { behindSec: 7 }]) {
      const { rungs } = run(
        [{ atSec: 10 }, { atSec: 15, ...dip }, { atSec: 21 }, { atSec: 30 }],
        state,
      )
      expect(rungs).toEqual([2, 2, 2, 2])
    }
  })

  it('waits longer after a step up that had to be taken back', () => {
    const down = run([{ atSec: 0, ...slow }]).state
    const up = run([{ atSec: 10 }, { atSec: 20 }], down)
    expect(up.rungs).toEqual([2, 1])
    const back = run([{ atSec: 30, ...slow }], up.state)
    expect(back.rungs).toEqual([2])
    const later = run([{ atSec: 40 }, { atSec: 51 }, { atSec: 60 }], back.state)
    expect(later.rungs).toEqual([2, 2, 1])
  })

  it('follows a ladder that becomes shorter', () => {
    const { state } = run([{ atSec: 0, ...slow, throughputBps: 1000 }])
    expect(
      run([{ atSec: 10, rungsBps: rungsBps.slice(0, 2), throughputBps: 1000 }], state).rungs,
    ).toEqual([1])
  })
})
