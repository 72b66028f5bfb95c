import { describe, expect, it } from 'vitest'
import { gapCauseSchema, type Timeline } from '../../../../src-preload/contract/model'
import { spanText, tipText } from '../../../../src-renderer/timeline/tip-text'
import { formatClock } from '../../../../src-renderer/ui/format'
import { texts } from '../../../../src-renderer/ui/texts'
import { timelineOf } from '../fake-transport'

const atMs = 1_005_000
const tip = (change: Partial<Timeline>, zone: 'lane' | 'ruler' = 'lane') =>
  tipText({ ms: atMs, zone, msPerPx: 50, timeline: timelineOf(change), nowMs: atMs }).split('\n')
const from = formatClock(1_004_000)
const to = formatClock(1_006_000)

describe('the tip', () => {
  it('tells the time, and whose it is', () => {
    expect(tip({})).toEqual([formatClock(atMs)])
    const clocks: Timeline['clocks'] = [{ fromMs: 0, clock: 'arrival' }]
    expect(tip({ clocks }, 'ruler')).toEqual([`${formatClock(atMs)} · time of arrival`])
  })

  it.each(gapCauseSchema.options)('names the cause of a gap in plain words: %s', (cause) => {
    const gap = { fromMs: 1_004_000, toMs: 1_006_000, cause, count: 3 }
    expect(tip({ gaps: [gap], footage: [] }).slice(1)).toEqual([
      `Gap: ${texts.gapCauses[cause]}`,
      `${from} – ${to} · 2 s · 3 segments`,
    ])
    expect(texts.gapCauses[cause]).toMatch(/^[a-z][^_-]*\w$/i)
    expect(tip({ gaps: [gap], footage: [] }, 'ruler')).toHaveLength(1)
  })

  it('names what the source marked', () => {
    const spans: Timeline['spans'] = [
      { id: 'a', kind: 'ad', label: '', fromMs: 1_004_000, toMs: 1_006_000, open: false },
      { id: 'b', kind: 'programme', label: 'News', fromMs: 1_004_000, open: true },
    ]
    expect(tip({ spans }).slice(1)).toEqual([
      `Ad break · ${from} – ${to} · 2 s`,
      `Programme: News · since ${from}`,
    ])
  })

  it('says where nothing was recorded', () => {
    expect(tip({ footage: [] })[1]).toBe(texts.timeline.hole)
  })
})

describe('the text of a span', () => {
  it('says what is only planned, and takes a moment for one', () => {
    const planned = spanText({ fromMs: 1_004_000, toMs: 1_006_000, open: true })
    expect(planned).toBe(`${from} – ${to} · 2 s, as planned`)
    expect(spanText({ fromMs: 1_004_000, toMs: 1_004_000, open: false })).toBe(from)
  })
})
