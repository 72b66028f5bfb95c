import { describe, expect, it } from 'vitest'
import { drawTimeline, type TimelinePicture } from '../../../../src-renderer/timeline/draw'
import { fitView } from '../../../../src-renderer/timeline/viewport'
import { timelineOf } from '../fake-transport'

const colours = {
  background: 'background',
  lane: 'lane',
  line: 'line',
  text: 'text',
  footage: 'footage',
  gap: 'gap',
  selection: 'selection',
  playhead: 'playhead',
  live: 'live',
}

/** Notes each filled rectangle with its colour; everything else that a pen can do does nothing. */
function paint(change: Partial<TimelinePicture>) {
  const rects: { colour: string; x: number; width: number }[] = []
  const pen = {
    fillStyle: '',
    fillRect: (x: number, _y: number, width: number) =>
      rects.push({ colour: pen.fillStyle, x, width }),
  }
  const ctx = new Proxy(pen, {
    get: (target, name) => Reflect.get(target, name) ?? (() => undefined),
  }) as unknown as CanvasRenderingContext2D // only what is drawn with is there
  const timeline = timelineOf()
  drawTimeline(ctx, {
    view: fitView(timeline, 1000),
    extent: timeline,
    timeline,
    range: undefined,
    playheadMs: undefined,
    hoverMs: undefined,
    live: false,
    colours,
    hatch: null,
    ...change,
  })
  return (colour: string) => rects.filter((rect) => rect.colour === colour)
}

describe('the painted timeline', () => {
  it('shows live edge and playhead only where there are any', () => {
    expect(paint({})('live')).toHaveLength(0)
    expect(paint({ live: true })('live')).toHaveLength(1)
    expect(paint({})('playhead')).toHaveLength(0)
    expect(paint({ playheadMs: 1_005_000 })('playhead')).toHaveLength(1)
  })

  it('keeps the shortest gap visible', () => {
    const timeline = timelineOf({
      gaps: [{ fromMs: 1_005_000, toMs: 1_005_001, cause: 'timeout', count: 1 }],
    })
    const gaps = paint({ timeline })('gap')
    expect(gaps.length).toBeGreaterThan(0)
    for (const { width } of gaps) expect(width).toBeGreaterThanOrEqual(2)
  })

  it('P10 paints a week of 150 000 segments and gaps with no more work than its width', () => {
    const stepMs = 4000
    const starts = Array.from({ length: 150_000 }, (_, index) => index * stepMs)
    const timeline = timelineOf({
      startMs: 0,
      endMs: 150_000 * stepMs,
      footage: starts.map((fromMs) => ({ fromMs, toMs: fromMs + 3000 })),
      gaps: starts.map((fromMs) => ({
        fromMs: fromMs + 3000,
        toMs: fromMs + stepMs,
        cause: 'network' as const,
        count: 1,
      })),
    })
    const rects = paint({ timeline, extent: timeline, view: fitView(timeline, 1000) })
    // Lane and overview, each at most once per pixel.
    expect(rects('footage').length).toBeLessThanOrEqual(2 * 1010)
    expect(rects('footage').length).toBeGreaterThan(900)
    expect(rects('gap').length).toBeLessThanOrEqual(5 * 1010)
  })
})
