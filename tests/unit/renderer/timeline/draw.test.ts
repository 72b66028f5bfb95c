import { describe, expect, it } from 'vitest'
import type { Span, SpanKind } from '../../../../src-preload/contract/model'
import { drawTimeline, type TimelinePicture } from '../../../../src-renderer/timeline/draw'
import { fitView } from '../../../../src-renderer/timeline/viewport'
import { LANE_PX, RULER_PX } from '../../../../src-renderer/timeline/hit-test'
import { timelineOf } from '../fake-transport'

const OVERVIEW_TOP = RULER_PX + LANE_PX

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
  arrival: 'arrival',
  spans: { kinds: { ad: 'ad', programme: 'programme', other: 'other' }, text: 'span-text' },
}

/** Notes each filled rectangle with its colour; everything else that a pen can do does nothing. */
function picture(change: Partial<TimelinePicture>) {
  const rects: { colour: string; x: number; y: number; width: number }[] = []
  const words: { colour: string; text: string; x: number }[] = []
  const pen = {
    fillStyle: '',
    fillRect: (x: number, y: number, width: number) =>
      rects.push({ colour: pen.fillStyle, x, y, width }),
    fillText: (text: string, x: number) => words.push({ colour: pen.fillStyle, text, x }),
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
  return { rects, words }
}

const paint = (change: Partial<TimelinePicture>) => {
  const { rects } = picture(change)
  return (colour: string) => rects.filter((rect) => rect.colour === colour)
}

const span = (kind: SpanKind, fromMs: number, more: Partial<Span> = {}): Span => ({
  id: `${kind}-${fromMs}`,
  kind,
  label: '',
  fromMs,
  open: false,
  ...more,
})

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

  it('paints spans in the colour of their kind, by name where there is room, ads on top', () => {
    const timeline = timelineOf({
      spans: [
        span('ad', 1_003_000, { toMs: 1_006_000 }),
        span('programme', 900_000, { label: 'News' }),
        span('other', 1_008_000, { toMs: 1_008_000 }),
      ],
    })
    const { rects, words } = picture({ timeline })
    const band = rects.filter(({ colour, y }) => colour in colours.spans.kinds && y < OVERVIEW_TOP)
    expect(band.map(({ colour }) => colour)).toEqual(['programme', 'other', 'ad'])
    const [programme, moment, ad] = band
    expect(moment?.width).toBeGreaterThanOrEqual(2)
    // It began before the recording and goes on: from its first instant to its last.
    expect(programme?.width).toBeGreaterThan(900)
    expect(ad?.width).toBeGreaterThan(250)
    const names = words.filter(({ colour }) => colour === 'span-text').map(({ text }) => text)
    expect(names).toEqual(['News', 'Ad break'])
  })

  it('puts the name of what lies below where nothing covers it', () => {
    const timeline = timelineOf({
      spans: [
        span('programme', 1_000_000, { label: 'News' }),
        span('ad', 1_000_500, { toMs: 1_003_000 }),
      ],
    })
    const news = picture({ timeline }).words.find(({ text }) => text === 'News')
    expect(news?.x).toBeGreaterThan(300)
  })

  it('marks the times of arrival, and only those', () => {
    const clocks = [
      { fromMs: 1_000_000, clock: 'source' },
      { fromMs: 1_005_000, clock: 'arrival' },
    ] as const
    const { rects, words } = picture({ timeline: timelineOf({ clocks: [...clocks] }) })
    const dots = rects.filter(({ colour }) => colour === 'arrival')
    expect(Math.min(...dots.map(({ x }) => x))).toBeGreaterThanOrEqual(500)
    expect(dots.length).toBeGreaterThan(50)
    const marked = words.filter(({ text }) => text.startsWith('≈'))
    expect(marked.length).toBeGreaterThan(0)
    expect(Math.min(...marked.map(({ x }) => x))).toBeGreaterThanOrEqual(495)
    expect(picture({}).words.some(({ text }) => text.startsWith('≈'))).toBe(false)
  })

  it('P10 paints ten thousand spans with no more work than the width', () => {
    const spans = Array.from({ length: 10_000 }, (_, at) =>
      span('ad', 1_000_000 + at, { toMs: 1_000_000 + at + 1 }),
    )
    expect(paint({ timeline: timelineOf({ spans }) })('ad').length).toBeLessThan(2 * 1010)
  })
})
