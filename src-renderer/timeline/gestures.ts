import type { TimeRange } from '../stores/selection-store'
import type { Zone } from './hit-test'

/** What the pointer is doing on the timeline. */
export type Gesture =
  | { readonly kind: 'idle' }
  | { readonly kind: 'scrubbing' }
  /** Button down in the lane, not moved yet: a click goes there, a drag selects. */
  | {
      readonly kind: 'pressed'
      readonly atMs: number
      readonly xPx: number
      readonly before: TimeRange | undefined
    }
  | { readonly kind: 'selecting'; readonly fixedMs: number; readonly before: TimeRange | undefined }
  | { readonly kind: 'panning'; readonly xPx: number }
  | { readonly kind: 'centring' }

export type PointerInput =
  | {
      readonly type: 'down'
      readonly zone: Zone
      readonly xPx: number
      readonly ms: number
      /** Middle button: moves the view. */
      readonly middle: boolean
      readonly range: TimeRange | undefined
    }
  | { readonly type: 'move'; readonly xPx: number; readonly ms: number }
  | { readonly type: 'up'; readonly ms: number }
  | { readonly type: 'cancel' }

/** What has to happen outside. */
export type GestureEffect =
  | { readonly type: 'scrub-start' }
  | { readonly type: 'seek'; readonly ms: number }
  | { readonly type: 'scrub-end' }
  | { readonly type: 'range'; readonly fromMs: number; readonly toMs: number }
  | { readonly type: 'restore-range'; readonly range: TimeRange | undefined }
  | { readonly type: 'pan'; readonly deltaPx: number }
  /** The place on the overview strip, as a position on the whole recording. */
  | { readonly type: 'centre' }

export interface GestureStep {
  readonly gesture: Gesture
  readonly effects: readonly GestureEffect[]
}

export const IDLE: Gesture = { kind: 'idle' }
/** A hand is not steady: less than this is a click. */
const CLICK_PX = 4

/** One pure step: the ruler scrubs, the lane selects (a click goes there), handles resize, the overview moves the view. */
export function stepGesture(gesture: Gesture, input: PointerInput): GestureStep {
  switch (input.type) {
    case 'down':
      return press(input)
    case 'move':
      return move(gesture, input)
    case 'up':
      return release(gesture, input.ms)
    case 'cancel':
      return cancel(gesture)
  }
}

const stay = (gesture: Gesture): GestureStep => ({ gesture, effects: [] })

function press(input: Extract<PointerInput, { type: 'down' }>): GestureStep {
  const { zone, ms, xPx, range } = input
  if (input.middle) return stay({ kind: 'panning', xPx })
  switch (zone) {
    case 'ruler':
      return {
        gesture: { kind: 'scrubbing' },
        effects: [{ type: 'scrub-start' }, { type: 'seek', ms }],
      }
    case 'overview':
      return { gesture: { kind: 'centring' }, effects: [{ type: 'centre' }] }
    case 'lane':
      return stay({ kind: 'pressed', atMs: ms, xPx, before: range })
    case 'handle-in':
      return stay({ kind: 'selecting', fixedMs: range?.toMs ?? ms, before: range })
    case 'handle-out':
      return stay({ kind: 'selecting', fixedMs: range?.fromMs ?? ms, before: range })
  }
}

function move(gesture: Gesture, input: { xPx: number; ms: number }): GestureStep {
  const { ms, xPx } = input
  switch (gesture.kind) {
    case 'idle':
      return stay(gesture)
    case 'scrubbing':
      return { gesture, effects: [{ type: 'seek', ms }] }
    case 'pressed':
      if (Math.abs(xPx - gesture.xPx) < CLICK_PX) return stay(gesture)
      return {
        gesture: { kind: 'selecting', fixedMs: gesture.atMs, before: gesture.before },
        effects: [rangeOf(gesture.atMs, ms)],
      }
    case 'selecting':
      return { gesture, effects: [rangeOf(gesture.fixedMs, ms)] }
    case 'panning':
      return {
        gesture: { kind: 'panning', xPx },
        effects: [{ type: 'pan', deltaPx: gesture.xPx - xPx }],
      }
    case 'centring':
      return { gesture, effects: [{ type: 'centre' }] }
  }
}

function release(gesture: Gesture, ms: number): GestureStep {
  switch (gesture.kind) {
    case 'scrubbing':
      return { gesture: IDLE, effects: [{ type: 'seek', ms }, { type: 'scrub-end' }] }
    case 'pressed':
      return { gesture: IDLE, effects: [{ type: 'seek', ms: gesture.atMs }] }
    case 'selecting':
      return { gesture: IDLE, effects: [rangeOf(gesture.fixedMs, ms)] }
    case 'idle':
    case 'panning':
    case 'centring':
      return stay(IDLE)
  }
}

function cancel(gesture: Gesture): GestureStep {
  switch (gesture.kind) {
    case 'scrubbing':
      return { gesture: IDLE, effects: [{ type: 'scrub-end' }] }
    case 'selecting':
      return { gesture: IDLE, effects: [{ type: 'restore-range', range: gesture.before }] }
    case 'idle':
    case 'pressed':
    case 'panning':
    case 'centring':
      return stay(IDLE)
  }
}

function rangeOf(a: number, b: number): GestureEffect {
  return { type: 'range', fromMs: Math.min(a, b), toMs: Math.max(a, b) }
}
