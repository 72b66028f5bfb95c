import { describe, expect, it } from 'vitest'
import {
  approachView,
  centreView,
  fitView,
  followView,
  isWorthPainting,
  msOfX,
  panView,
  showsEnd,
  xOfMs,
  zoomToSpan,
  zoomView,
} from '../../../../src-renderer/timeline/viewport'

const HOUR = 3_600_000
const extent = { startMs: 10 * HOUR, endMs: 12 * HOUR }
const fit = fitView(extent, 1000)

describe('viewport', () => {
  it('maps pixels and instants both ways', () => {
    const view = { fromMs: 1000, toMs: 3000, widthPx: 500 }
    expect(xOfMs(view, 2000)).toBe(250)
    expect(msOfX(view, 250)).toBe(2000)
  })

  it('fits the whole recording with room at both ends', () => {
    expect(xOfMs(fit, extent.startMs)).toBeGreaterThan(0)
    expect(xOfMs(fit, extent.endMs)).toBeLessThan(1000)
  })

  it('lets a short recording grow into a minute instead of filling the width', () => {
    const young = fitView({ startMs: 0, endMs: 2000, growing: true }, 1000)
    expect(young.toMs - young.fromMs).toBeGreaterThanOrEqual(60_000)
    expect(xOfMs(young, 2000)).toBeLessThan(100)
  })

  it('fills the width with a short recording that grows no more', () => {
    const done = fitView({ startMs: 0, endMs: 20_000 }, 1000)
    expect(xOfMs(done, 20_000)).toBeGreaterThan(900)
  })

  it('zooms around the pointer: what is under it stays under it', () => {
    const before = msOfX(fit, 400)
    const closer = zoomView(fit, 400, 0.25, extent)
    expect(msOfX(closer, 400)).toBeCloseTo(before, 3)
    expect(closer.toMs - closer.fromMs).toBeCloseTo((fit.toMs - fit.fromMs) / 4, 3)
  })

  it('zooms no closer than a second and no wider than everything', () => {
    const closest = zoomView(fit, 400, 1e-9, extent)
    expect(closest.toMs - closest.fromMs).toBeCloseTo(1000, 6)
    expect(zoomView(fit, 400, 1e9, extent)).toEqual(fit)
  })

  it('pans by pixels and stops at the ends', () => {
    const closer = zoomView(fit, 500, 0.1, extent)
    const moved = panView(closer, 50, extent)
    expect(xOfMs(moved, msOfX(closer, 50))).toBeCloseTo(0, 6)
    const first = panView(closer, -1e7, extent)
    expect(first.fromMs).toBe(fit.fromMs)
    const last = panView(closer, 1e7, extent)
    expect(showsEnd(last, extent)).toBe(true)
    expect(last.toMs - last.fromMs).toBeCloseTo(closer.toMs - closer.fromMs, 3)
  })

  it('centres an instant', () => {
    const closer = zoomView(fit, 500, 0.1, extent)
    const centred = centreView(closer, 11 * HOUR, extent)
    expect(xOfMs(centred, 11 * HOUR)).toBeCloseTo(500, 3)
  })

  it('shows a selected span with room on both sides', () => {
    const view = zoomToSpan(fit, { fromMs: 11 * HOUR, toMs: 11 * HOUR + 10_000 }, extent)
    expect(view.fromMs).toBe(11 * HOUR - 1000)
    expect(view.toMs).toBe(11 * HOUR + 11_000)
  })

  it('follows the live edge with the same span, just inside the right side', () => {
    const closer = zoomView(fit, 0, 0.1, extent)
    const followed = followView(closer, { ...extent, endMs: extent.endMs + 5000 })
    expect(followed.toMs - followed.fromMs).toBeCloseTo(closer.toMs - closer.fromMs, 3)
    const x = xOfMs(followed, extent.endMs + 5000)
    expect(x).toBeGreaterThan(900)
    expect(x).toBeLessThan(1000)
  })

  it('approaches a target step by step and arrives', () => {
    let view = fit
    const target = zoomView(fit, 500, 0.5, extent)
    let steps = 0
    while (view !== target && steps < 200) {
      view = approachView(view, target, 0.2)
      steps += 1
    }
    expect(view).toBe(target)
    expect(steps).toBeGreaterThan(3)
  })
})

describe('painting while it plays', () => {
  const worth = (movedPx: number, sinceMs: number, pxPerSec = 16) =>
    isWorthPainting({ movedPx, sinceMs, pxPerSec })

  it('waits for a pixel, and for the eye', () => {
    expect(worth(0.9, 1000)).toBe(false)
    expect(worth(1.1, 16)).toBe(false)
    expect(worth(1.1, 70)).toBe(true)
  })

  it('keeps up where a second is many pixels', () => {
    expect(worth(8, 16, 500)).toBe(true)
  })

  it('shows at once that the playhead came or went', () => {
    expect(worth(Number.NaN, 0)).toBe(true)
  })
})
