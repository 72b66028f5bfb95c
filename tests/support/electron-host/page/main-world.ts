import { createBridge } from './bridge'

/** Runs in the page's own world before its scripts: receives what the preload exposes. */
export function installMainWorld(names: { toMain: string; toPreload: string }): void {
  if (window.top !== window.self) return
  createBridge({
    inbox: names.toMain,
    outbox: names.toPreload,
    onExpose: (key, api) => {
      if (Object.hasOwn(window, key)) {
        throw new Error('Cannot bind an API on top of an existing property on the window object')
      }
      Object.defineProperty(window, key, { value: freeze(api), enumerable: true })
    },
  })
}

/** The page cannot change what it was given. */
function freeze(value: unknown): unknown {
  if (typeof value === 'object' && value !== null) {
    for (const item of Object.values(value)) freeze(item)
    Object.freeze(value)
  }
  return value
}
