import { describe, expect, it } from 'vitest'
import { createSelectionStore } from '../../../../src-renderer/stores/selection-store'
import { readTypedRange } from '../../../../src-renderer/timeline/typed-range'

const startMs = new Date(2026, 10, 22, 13, 40).getTime()
const extent = { startMs, endMs: startMs + 600_000 }
const at = (sec: number) => startMs + sec * 1000
const range = { fromMs: at(60), toMs: at(120) }

const read = (
  texts: { in?: string; out?: string },
  end: 'in' | 'out',
  present: typeof range | undefined = range,
) => readTypedRange({ texts, end, range: present, extent })

describe('a typed range', () => {
  it('moves the end that was typed and leaves the other', () => {
    expect(read({ in: '90' }, 'in')).toEqual({ range: { fromMs: at(90), toMs: at(120) } })
    expect(read({ out: '13:43' }, 'out')).toEqual({ range: { fromMs: at(60), toMs: at(180) } })
  })

  it('reaches to the end of the recording where there was no range', () => {
    expect(readTypedRange({ texts: { in: '1m30s' }, end: 'in', range: undefined, extent })).toEqual(
      {
        range: { fromMs: at(90), toMs: extent.endMs },
      },
    )
  })

  it('refuses what is no time', () => {
    expect(read({ out: 'soon' }, 'out')).toEqual({ problem: { end: 'out', reason: 'unreadable' } })
  })

  it('refuses what lies outside, but for a second that rounding took', () => {
    expect(read({ in: '12:00' }, 'in')).toEqual({ problem: { end: 'in', reason: 'outside' } })
    expect(read({ out: '600.5' }, 'out')).toEqual({ range: { fromMs: at(60), toMs: at(600) } })
  })

  it('refuses an end on the wrong side of the other, and takes both once both are typed', () => {
    expect(read({ in: '200' }, 'in')).toEqual({ problem: { end: 'in', reason: 'order' } })
    expect(read({ in: '200', out: '260' }, 'out')).toEqual({
      range: { fromMs: at(200), toMs: at(260) },
    })
    expect(read({ out: '60' }, 'out')).toEqual({ problem: { end: 'out', reason: 'order' } })
  })
})

describe('a refused text', () => {
  it('leaves the range as it is until a range is set', () => {
    const selection = createSelectionStore()
    selection.select('rec00001')
    selection.setRange(1, 2)
    selection.refuseTyped({ texts: { in: 'x' }, problem: { end: 'in', reason: 'unreadable' } })
    expect(selection.store.getState()).toMatchObject({ range: { fromMs: 1, toMs: 2 } })
    expect(selection.store.getState().typed?.texts).toEqual({ in: 'x' })
    selection.setRange(3, 4)
    expect(selection.store.getState().typed).toBeUndefined()
    expect(selection.store.getState().recordingId).toBe('rec00001')
  })
})
