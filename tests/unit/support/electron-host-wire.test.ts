import { describe, expect, it } from 'vitest'
import { decodeWire, encodeWire } from '../../support/electron-host/wire'

describe('values between the processes of the stand-in', () => {
  it.each([
    undefined,
    null,
    'text "quoted"',
    0,
    -0,
    Number.NaN,
    Infinity,
    -Infinity,
    12345678901234567890n,
    [1, [undefined, 'x']],
    { a: { b: null }, none: undefined },
    new Date(123),
    new Map<unknown, unknown>([[{ k: 1 }, new Set([1, 2])]]),
    new Uint8Array([0, 127, 255]),
  ])('arrive as they were: %o', (value) => {
    expect(decodeWire(encodeWire(value))).toEqual(value)
  })

  it('keeps a field called __proto__ a field', () => {
    const hostile: unknown = JSON.parse('{"__proto__": {"polluted": true}}')
    const back = decodeWire(encodeWire(hostile))
    expect(Object.hasOwn(back as object, '__proto__')).toBe(true)
    expect(Object.getPrototypeOf(back)).toBe(Object.prototype)
  })

  it('keeps of an error its name and message', () => {
    const error = Object.assign(new TypeError('no'), { code: 'X' })
    const back = decodeWire(encodeWire(error))
    expect(back).toBeInstanceOf(Error)
    expect(back).toMatchObject({ name: 'TypeError', message: 'no' })
    expect(back).not.toHaveProperty('code')
  })

  it.each([() => 1, { deep: [Symbol('s')] }])('refuses %o with the words of Electron', (value) => {
    expect(() => encodeWire(value)).toThrow('An object could not be cloned.')
  })
})
