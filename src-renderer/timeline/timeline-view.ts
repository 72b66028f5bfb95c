import type { Services } from '../app/services'
import { isRunning } from '../stores/recordings-store'
import { makeHatch, readColours } from './colours'
import { drawTimeline, type TimelineColours } from './draw'
import { type Gesture, type GestureEffect, IDLE, type PointerInput, stepGesture } from './gestures'
import { TIMELINE_PX, type Zone, zoneAt } from './hit-test'
import { fitView, isWorthPainting, msOfX, xOfMs } from './viewport'

/** Share of the way that a smooth move goes in one frame. */
const EASE = 0.18
const ATTRIBUTES_MS = 250
const ZOOM_PER_PX = 0.0022

/** What is under the pointer, for the tooltip. */
export interface Hover {
  readonly xPx: number
  readonly ms: number
  readonly zone: Zone
}

type Parts = Pick<Services, 'recordings' | 'selection' | 'timeline' | 'view' | 'player'>

/** Connects the canvas with stores and pointer: paints when something changed, never more than once a frame. Returns the function that ends it. */
export function runTimelineView(options: {
  wrapper: HTMLElement
  canvas: HTMLCanvasElement
  services: Parts
  onHover: (hover: Hover | undefined) => void
}): () => void {
  const { wrapper, canvas, services, onHover } = options
  const { recordings, selection, timeline, view, player } = services
  const ctx = canvas.getContext('2d', { alpha: false })
  if (ctx === null) return () => undefined
  let colours: TimelineColours = readColours(wrapper)
  let hatch = makeHatch(ctx, colours.gap)
  let gesture: Gesture = IDLE
  let pointer: { readonly xPx: number; readonly yPx: number } | undefined
  let hover: Hover | undefined
  let frame = 0
  let painted = { xPx: Number.NaN, atMs: 0 }

  const extent = () => timeline.store.getState().timeline
  const isLive = () => {
    const { recordingId } = selection.store.getState()
    const recording =
      recordingId === undefined ? undefined : recordings.store.getState().byId[recordingId]
    return recording !== undefined && isRunning(recording)
  }

  /** What lies under the pointer, also while the pointer rests and the view slides. */
  const lookUnderPointer = () => {
    const shown = view.store.getState().view
    const next: Hover | undefined =
      pointer === undefined || extent() === undefined
        ? undefined
        : {
            xPx: pointer.xPx,
            ms: msOfX(shown, pointer.xPx),
            zone: zoneAt({ ...pointer, view: shown, range: selection.store.getState().range }),
          }
    const same = next?.xPx === hover?.xPx && next?.ms === hover?.ms && next?.zone === hover?.zone
    if (same) return
    hover = next
    if (next !== undefined) {
      wrapper.dataset['zone'] = gesture.kind === 'selecting' ? 'handle-in' : next.zone
    }
    onHover(next)
  }
  /** What the hand holds or is about to take must not slide away. */
  const isHeld = () =>
    gesture.kind !== 'idle' || hover?.zone === 'handle-in' || hover?.zone === 'handle-out'

  const paint = () => {
    frame = 0
    const moving = !isHeld() && view.advance(EASE)
    lookUnderPointer()
    const playheadMs = player.playhead.ms()
    const shown = view.store.getState().view
    painted = {
      xPx: playheadMs === undefined ? Number.NaN : xOfMs(shown, playheadMs),
      atMs: performance.now(),
    }
    drawTimeline(ctx, {
      view: shown,
      extent: view.extent(),
      timeline: extent(),
      range: selection.store.getState().range,
      playheadMs,
      hoverMs: hover?.ms,
      live: isLive(),
      colours,
      hatch,
    })
    if (moving) request()
  }
  const request = () => {
    if (frame === 0) frame = requestAnimationFrame(paint)
  }

  const onPlayhead = (ms: number | undefined) => {
    const shown = view.store.getState().view
    const movedPx = ms === undefined ? Number.NaN : Math.abs(xOfMs(shown, ms) - painted.xPx)
    const pxPerSec = (1000 * shown.widthPx) / (shown.toMs - shown.fromMs)
    const sinceMs = performance.now() - painted.atMs
    if (isWorthPainting({ movedPx, pxPerSec, sinceMs })) request()
  }

  const resize = () => {
    const widthPx = wrapper.clientWidth
    const scale = window.devicePixelRatio
    canvas.width = Math.round(widthPx * scale)
    canvas.height = Math.round(TIMELINE_PX * scale)
    ctx.setTransform(scale, 0, 0, scale, 0, 0)
    view.resize(widthPx)
    if (view.store.getState().mode === 'fit') view.fit()
    paint()
  }

  const placeOf = (event: PointerEvent | WheelEvent) => {
    const box = wrapper.getBoundingClientRect()
    const xPx = event.clientX - box.left
    return { xPx, yPx: event.clientY - box.top, ms: msOfX(view.store.getState().view, xPx) }
  }
  const within = (ms: number) => {
    const whole = extent()
    return whole === undefined ? ms : Math.max(whole.startMs, Math.min(whole.endMs, ms))
  }

  const apply = (effect: GestureEffect, xPx: number) => {
    switch (effect.type) {
      case 'scrub-start':
        return player.beginScrub()
      case 'scrub-end':
        return player.endScrub()
      case 'seek':
        return player.seekToMs(effect.ms)
      case 'range':
        return selection.setRange(effect.fromMs, effect.toMs)
      case 'restore-range':
        if (effect.range === undefined) selection.clearRange()
        else selection.setRange(effect.range.fromMs, effect.range.toMs)
        return
      case 'pan':
        return view.pan(effect.deltaPx)
      case 'centre': {
        const whole = view.extent()
        const { widthPx } = view.store.getState().view
        if (whole !== undefined) view.centre(msOfX(fitView(whole, widthPx), xPx))
      }
    }
  }
  const feed = (input: PointerInput, xPx: number) => {
    const step = stepGesture(gesture, input)
    gesture = step.gesture
    for (const effect of step.effects) apply(effect, xPx)
  }

  const onDown = (event: PointerEvent) => {
    if (extent() === undefined || event.button > 1) return
    if (event.button === 1) event.preventDefault()
    wrapper.setPointerCapture(event.pointerId)
    const { xPx, yPx, ms } = placeOf(event)
    const { range } = selection.store.getState()
    const zone = zoneAt({ xPx, yPx, view: view.store.getState().view, range })
    feed({ type: 'down', zone, xPx, ms: within(ms), middle: event.button === 1, range }, xPx)
  }
  const onMove = (event: PointerEvent) => {
    const { xPx, yPx, ms } = placeOf(event)
    feed({ type: 'move', xPx, ms: within(ms) }, xPx)
    pointer = { xPx, yPx }
    lookUnderPointer()
    request()
  }
  const onUp = (event: PointerEvent) => {
    const { xPx, ms } = placeOf(event)
    feed({ type: 'up', ms: within(ms) }, xPx)
    request()
  }
  const onCancel = () => feed({ type: 'cancel' }, 0)
  const onLeave = () => {
    pointer = undefined
    lookUnderPointer()
    request()
  }
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || gesture.kind === 'idle') return
    event.preventDefault()
    onCancel()
  }
  const onWheel = (event: WheelEvent) => {
    event.preventDefault()
    const { xPx } = placeOf(event)
    // A step of a wheel that counts lines is about 40 px.
    const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 40 : 1
    const delta =
      (Math.abs(event.deltaX) > Math.abs(event.deltaY) ? event.deltaX : event.deltaY) * unit
    if (event.ctrlKey || event.metaKey) view.zoom(xPx, Math.exp(delta * ZOOM_PER_PX))
    else view.pan(delta)
  }

  const writeAttributes = () => {
    const whole = extent()
    const { view: shown } = view.store.getState()
    const ms = player.playhead.ms()
    const values = {
      startMs: whole?.startMs,
      endMs: whole?.endMs,
      viewFromMs: shown.fromMs,
      viewToMs: shown.toMs,
      playheadMs: ms,
    }
    for (const [name, value] of Object.entries(values)) {
      const text = value === undefined ? '' : String(Math.round(value))
      if (wrapper.dataset[name] !== text) wrapper.dataset[name] = text
    }
  }

  const onTheme = () => {
    colours = readColours(wrapper)
    hatch = makeHatch(ctx, colours.gap)
    request()
  }
  const sizes = new ResizeObserver(resize)
  sizes.observe(wrapper)
  const themes = new MutationObserver(onTheme)
  themes.observe(document.documentElement, { attributeFilter: ['data-theme'] })
  const timer = setInterval(writeAttributes, ATTRIBUTES_MS)
  const ends = [
    timeline.store.subscribe((now, before) => {
      if (now.timeline?.id !== before.timeline?.id) view.fit()
      // A gap may have come under a pointer that rests.
      if (hover !== undefined) onHover(hover)
      request()
    }),
    selection.store.subscribe(request),
    recordings.store.subscribe(request),
    view.store.subscribe(request),
    player.playhead.subscribe(onPlayhead),
  ]
  const listening = new AbortController()
  const { signal } = listening
  wrapper.addEventListener('pointerdown', onDown, { signal })
  wrapper.addEventListener('pointermove', onMove, { signal })
  wrapper.addEventListener('pointerup', onUp, { signal })
  wrapper.addEventListener('pointercancel', onCancel, { signal })
  wrapper.addEventListener('pointerleave', onLeave, { signal })
  wrapper.addEventListener('wheel', onWheel, { passive: false, signal })
  window.addEventListener('keydown', onKey, { capture: true, signal })

  return () => {
    listening.abort()
    cancelAnimationFrame(frame)
    clearInterval(timer)
    sizes.disconnect()
    themes.disconnect()
    for (const end of ends) end()
  }
}
