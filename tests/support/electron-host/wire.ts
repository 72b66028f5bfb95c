/** Values as they cross a process border in Electron: structured clone, here carried as JSON text. */
type Wire =
  | { readonly t: 'json'; readonly v: string | number | boolean | null }
  | { readonly t: 'undefined' | 'nan' | '+inf' | '-inf' | '-0' }
  | { readonly t: 'bigint' | 'date'; readonly v: string }
  | { readonly t: 'error'; readonly name: string; readonly message: string }
  | { readonly t: 'array' | 'set'; readonly v: readonly Wire[] }
  | { readonly t: 'object'; readonly v: readonly (readonly [string, Wire])[] }
  | { readonly t: 'map'; readonly v: readonly (readonly [Wire, Wire])[] }
  | { readonly t: 'bytes'; readonly v: string }

/** Throws what Electron throws when a value holds a function, a symbol or another thing that cannot be cloned. */
export function encodeWire(value: unknown): string {
  let clone: unknown
  try {
    clone = structuredClone(value)
  } catch (error) {
    throw new Error('An object could not be cloned.', { cause: error })
  }
  return JSON.stringify(encode(clone))
}

export function decodeWire(text: string): unknown {
  // Written by encodeWire on the other side of the same stand-in.
  return decode(JSON.parse(text) as Wire)
}

function encode(value: unknown): Wire {
  if (value === undefined) return { t: 'undefined' }
  if (value === null || typeof value === 'string' || typeof value === 'boolean') {
    return { t: 'json', v: value }
  }
  if (typeof value === 'number') return encodeNumber(value)
  if (typeof value === 'bigint') return { t: 'bigint', v: String(value) }
  if (value instanceof Date) return { t: 'date', v: String(value.getTime()) }
  if (value instanceof Error) return { t: 'error', name: value.name, message: value.message }
  if (value instanceof Uint8Array) {
    return { t: 'bytes', v: btoa(Array.from(value, (byte) => String.fromCharCode(byte)).join('')) }
  }
  if (value instanceof Map) {
    return { t: 'map', v: Array.from(value, ([key, item]) => [encode(key), encode(item)]) }
  }
  if (value instanceof Set) return { t: 'set', v: Array.from(value, encode) }
  if (Array.isArray(value)) return { t: 'array', v: value.map(encode) }
  const tag = Object.prototype.toString.call(value)
  if (tag !== '[object Object]') throw new Error(`electron-host does not implement sending ${tag}`)
  return { t: 'object', v: Object.entries(value).map(([key, item]) => [key, encode(item)]) }
}

function encodeNumber(value: number): Wire {
  if (Number.isNaN(value)) return { t: 'nan' }
  if (value === Infinity) return { t: '+inf' }
  if (value === -Infinity) return { t: '-inf' }
  return Object.is(value, -0) ? { t: '-0' } : { t: 'json', v: value }
}

function decode(wire: Wire): unknown {
  switch (wire.t) {
    case 'json':
      return wire.v
    case 'undefined':
      return undefined
    case 'nan':
      return Number.NaN
    case '+inf':
      return Infinity
    case '-inf':
      return -Infinity
    case '-0':
      return -0
    case 'bigint':
      return BigInt(wire.v)
    case 'date':
      return new Date(Number(wire.v))
    case 'error':
      return Object.assign(new Error(wire.message), { name: wire.name })
    case 'bytes':
      return Uint8Array.from(atob(wire.v), (character) => character.charCodeAt(0))
    case 'map':
      return new Map(wire.v.map(([key, item]) => [decode(key), decode(item)]))
    case 'set':
      return new Set(wire.v.map(decode))
    case 'array':
      return wire.v.map(decode)
    case 'object':
      return decodeObject(wire.v)
  }
}

/** Own properties only: a field called `__proto__` stays a field. */
function decodeObject(entries: readonly (readonly [string, Wire])[]): object {
  const object = {}
  for (const [key, item] of entries) {
    Object.defineProperty(object, key, {
      value: decode(item),
      enumerable: true,
      configurable: true,
      writable: true,
    })
  }
  return object
}
