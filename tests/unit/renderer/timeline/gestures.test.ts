import { describe, expect, it } from 'vitest'
import {
  type Gesture,
  type GestureEffect,
  IDLE,
  type PointerInput,
  stepGesture,
} from '../../../../src-renderer/timeline/gestures'
import type { Zone } from '../../../../src-renderer/timeline/hit-test'

const range = { fromMs: 2000, toMs: 5000 }
const down = (zone: Zone, xPx: number, ms: number, change: { middle?: boolean } = {}) =>
  ({ type: 'down', zone, xPx, ms, middle: false, range, ...change }) as const
const move = (xPx: number, ms: number) => ({ type: 'move', xPx, ms }) as const
const up = (ms: number) => ({ type: 'up', ms }) as const

function run(...inputs: PointerInput[]): { gesture: Gesture; effects: GestureEffect[] } {
  let gesture: Gesture = IDLE
  const effects: GestureEffect[] = []
  for (const input of inputs) {
    const step = stepGesture(gesture, input)
    gesture = step.gesture
    effects.push(...step.effects)
  }
  return { gesture, effects }
}

describe('gestures', () => {
  it('scrubs on the ruler: pauses, seeks along, goes on', () => {
    expect(run(down('ruler', 10, 100), move(20, 200), up(250)).effects).toEqual([
      { type: 'scrub-start' },
      { type: 'seek', ms: 100 },
      { type: 'seek', ms: 200 },
      { type: 'seek', ms: 250 },
      { type: 'scrub-end' },
    ])
  })

  it('goes there on a click in the lane, though the hand shook a little', () => {
    expect(run(down('lane', 10, 100), move(12, 120), up(120)).effects).toEqual([
      { type: 'seek', ms: 100 },
    ])
  })

  it('selects on a drag in the lane, in either direction', () => {
    const { gesture, effects } = run(down('lane', 100, 1000), move(60, 600), up(500))
    expect(gesture).toEqual(IDLE)
    expect(effects.at(-1)).toEqual({ type: 'range', fromMs: 500, toMs: 1000 })
  })

  it('moves one handle and keeps the other end, also past it', () => {
    const out = run(down('handle-out', 500, 5000), move(700, 7000), up(7000))
    expect(out.effects.at(-1)).toEqual({ type: 'range', fromMs: 2000, toMs: 7000 })
    const crossed = run(down('handle-in', 200, 2000), move(900, 9000), up(9000))
    expect(crossed.effects.at(-1)).toEqual({ type: 'range', fromMs: 5000, toMs: 9000 })
  })

  it('puts the old range back when a selection is cancelled', () => {
    const { gesture, effects } = run(down('lane', 0, 0), move(50, 500), { type: 'cancel' })
    expect(gesture).toEqual(IDLE)
    expect(effects.at(-1)).toEqual({ type: 'restore-range', range })
  })

  it('goes on playing when a scrub is cancelled', () => {
    expect(run(down('ruler', 0, 0), { type: 'cancel' }).effects.at(-1)).toEqual({
      type: 'scrub-end',
    })
  })

  it('pans with the middle button, the picture under the hand', () => {
    const { effects } = run(
      down('lane', 100, 0, { middle: true }),
      move(130, 0),
      move(120, 0),
      up(0),
    )
    expect(effects).toEqual([
      { type: 'pan', deltaPx: -30 },
      { type: 'pan', deltaPx: 10 },
    ])
  })

  it('moves the view on the overview strip', () => {
    expect(run(down('overview', 100, 0), move(130, 0), up(0)).effects).toEqual([
      { type: 'centre' },
      { type: 'centre' },
    ])
  })

  it('does nothing while no button is down', () => {
    expect(run(move(5, 50), up(50))).toEqual({ gesture: IDLE, effects: [] })
  })
})
