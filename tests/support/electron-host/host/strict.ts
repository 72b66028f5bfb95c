/** Properties that JavaScript itself asks for; their absence means nothing. */
const ASKED_BY_LANGUAGE: ReadonlySet<string> = new Set(['then', 'toJSON', '__esModule'])

/** Whoever uses what the stand-in does not have is told so, instead of going on with `undefined`. */
export function strict<T extends object>(name: string, target: T): T {
  return new Proxy(target, {
    get: (object, key) => {
      if (typeof key === 'string' && !(key in object) && !ASKED_BY_LANGUAGE.has(key)) {
        throw new Error(`electron-host does not implement ${name}.${key}`)
      }
      // The object itself, not the proxy, so that private fields work.
      const value: unknown = Reflect.get(object, key, object)
      return value
    },
    set: (_object, key) => {
      throw new Error(`electron-host does not implement setting ${name}.${String(key)}`)
    },
  })
}

/** A part of Electron of which nothing is implemented: every use throws. */
export function absent(name: string): object {
  const refuse = (use: string) => {
    throw new Error(`electron-host does not implement ${use}`)
  }
  return new Proxy(class {}, {
    get: (_target, key) => (typeof key === 'string' ? refuse(`${name}.${key}`) : undefined),
    construct: () => refuse(`new ${name}`),
    apply: () => refuse(`${name}()`),
  })
}

/** Refuses option fields that would be ignored silently. */
export function onlyKnown(what: string, options: object, known: ReadonlySet<string>): void {
  for (const key of Object.keys(options)) {
    if (!known.has(key)) throw new Error(`electron-host does not implement ${what}.${key}`)
  }
}
