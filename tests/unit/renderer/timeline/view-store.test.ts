import { describe, expect, it } from 'vitest'
import { createViewStore } from '../../../../src-renderer/timeline/view-store'
import { showsEnd } from '../../../../src-renderer/timeline/viewport'

function setUp() {
  let extent = { startMs: 0, endMs: 600_000 }
  const view = createViewStore({ extent: () => extent })
  view.resize(1000)
  view.fit()
  return {
    view,
    grow: (ms: number) => {
      extent = { ...extent, endMs: extent.endMs + ms }
      for (let frame = 0; frame < 200 && view.advance(0.2); frame += 1);
      return extent
    },
  }
}

describe('view store', () => {
  it('keeps showing everything while the recording grows', () => {
    const { view, grow } = setUp()
    const extent = grow(60_000)
    expect(view.store.getState().mode).toBe('fit')
    expect(showsEnd(view.store.getState().view, extent)).toBe(true)
    expect(view.store.getState().view.fromMs).toBeLessThan(0)
  })

  it('follows the live edge after a zoom that left it in sight', () => {
    const { view, grow } = setUp()
    view.zoom(960, 0.1)
    expect(view.store.getState().mode).toBe('follow')
    const extent = grow(300_000)
    expect(showsEnd(view.store.getState().view, extent)).toBe(true)
  })

  it('stays where the person looks when that is not the live edge', () => {
    const { view, grow } = setUp()
    view.zoom(100, 0.1)
    expect(view.store.getState().mode).toBe('free')
    const before = view.store.getState().view
    grow(300_000)
    expect(view.store.getState().view).toEqual(before)
    view.follow()
    const extent = grow(0)
    expect(showsEnd(view.store.getState().view, extent)).toBe(true)
  })
})
