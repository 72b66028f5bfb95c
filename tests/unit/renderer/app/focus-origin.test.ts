import { describe, expect, it } from 'vitest'
import {
  belongsToControl,
  createFocusOrigin,
  type FocusedControl,
} from '../../../../src-renderer/app/focus-origin'

const owns = (control: FocusedControl, key: string, byPointer: boolean) =>
  belongsToControl({ control, key, byPointer })

describe('whose key it is', () => {
  it('gives keys to the player after a click on a control', () => {
    expect(owns('button', ' ', true)).toBe(false)
    expect(owns('select', 'ArrowLeft', true)).toBe(false)
    expect(owns('slider', 'ArrowLeft', true)).toBe(false)
    expect(owns('checkbox', ' ', true)).toBe(false)
  })

  it('leaves a control that the keyboard went to its own keys, and no others', () => {
    expect(owns('button', ' ', false)).toBe(true)
    expect(owns('button', 'k', false)).toBe(false)
    expect(owns('slider', 'ArrowLeft', false)).toBe(true)
    expect(owns('slider', ' ', false)).toBe(false)
    expect(owns('select', 'e', false)).toBe(true)
    expect(owns('link', ' ', false)).toBe(false)
  })

  it('never takes a key from someone who types', () => {
    expect(owns('text', 'e', true)).toBe(true)
    expect(owns('text', ' ', false)).toBe(true)
  })

  it('takes the focus as given by the pointer until Tab moves it', () => {
    const origin = createFocusOrigin()
    expect(origin.byPointer()).toBe(false)
    origin.pointerDown()
    origin.keyDown('k')
    expect(origin.byPointer()).toBe(true)
    origin.keyDown('Tab')
    expect(origin.byPointer()).toBe(false)
  })
})
