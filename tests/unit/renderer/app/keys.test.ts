import { describe, expect, it } from 'vitest'
import { commandOf, markRange } from '../../../../src-renderer/app/keys'

const press = (key: string, change: Partial<Parameters<typeof commandOf>[0]> = {}) =>
  commandOf({ key, shiftKey: false, ctrlKey: false, metaKey: false, altKey: false, ...change })

describe('keys', () => {
  it('knows the keys of the player', () => {
    expect(press(' ')).toEqual({ type: 'toggle-play' })
    expect(press('K', { shiftKey: true })).toEqual({ type: 'toggle-play' })
    expect(press('ArrowLeft')).toEqual({ type: 'seek-by', sec: -1 })
    expect(press('ArrowRight', { shiftKey: true })).toEqual({ type: 'seek-by', sec: 10 })
    expect(press('?', { shiftKey: true })).toEqual({ type: 'shortcuts' })
  })

  it('leaves keys with Ctrl, Cmd and Alt to the browser, and unknown ones alone', () => {
    expect(press('z', { ctrlKey: true })).toEqual({ type: 'undo' })
    expect(press('Z', { ctrlKey: true, shiftKey: true })).toBeUndefined()
    expect(press('l', { ctrlKey: true })).toBeUndefined()
    expect(press('f', { metaKey: true })).toBeUndefined()
    expect(press('Home', { altKey: true })).toBeUndefined()
    expect(press('q')).toBeUndefined()
    expect(press('constructor')).toBeUndefined()
  })
})

describe('in and out marks', () => {
  const extent = { startMs: 0, endMs: 100 }

  it('reaches to the end of the footage when only one end is set', () => {
    expect(markRange({ end: 'in', atMs: 40, range: undefined, extent })).toEqual({
      fromMs: 40,
      toMs: 100,
      moved: false,
    })
    expect(markRange({ end: 'out', atMs: 40, range: undefined, extent })).toEqual({
      fromMs: 0,
      toMs: 40,
      moved: false,
    })
  })

  it('keeps the other end where it still makes sense, and says where it moved', () => {
    const range = { fromMs: 20, toMs: 60 }
    expect(markRange({ end: 'in', atMs: 40, range, extent })).toEqual({
      fromMs: 40,
      toMs: 60,
      moved: false,
    })
    expect(markRange({ end: 'in', atMs: 80, range, extent })).toEqual({
      fromMs: 80,
      toMs: 100,
      moved: true,
    })
    expect(markRange({ end: 'out', atMs: 10, range, extent })).toEqual({
      fromMs: 0,
      toMs: 10,
      moved: true,
    })
  })
})
