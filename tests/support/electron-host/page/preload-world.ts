import { decodeWire, encodeWire } from '../wire'
import { createBridge } from './bridge'

type Listener = (event: object, ...args: unknown[]) => void

/** What the host calls in the preload's world. */
interface Deliver {
  reply(id: number, ok: boolean, payload: string): void
  message(channel: string, args: string): void
}

/** Runs in the preload's isolated world: gives it the `electron` module of a sandboxed renderer. */
export function installPreloadWorld(config: {
  toMain: string
  toPreload: string
  /** Name of the function through which this world reaches the host. */
  binding: string
  deliver: string
  platform: string
  versions: Record<string, string>
}) {
  const bridge = createBridge({
    inbox: config.toPreload,
    outbox: config.toMain,
    onExpose: () => {
      throw new Error('only a preload exposes')
    },
  })
  const world = globalThis as unknown as Record<string, unknown>
  // The host installed it under this name, in this world only.
  const toHost = world[config.binding] as (text: string) => void
  const waiting = new Map<
    number,
    { resolve: (value: unknown) => void; reject: (error: Error) => void }
  >()
  const listeners = new Map<string, Listener[]>()
  let nextId = 1

  const deliver: Deliver = {
    reply: (id, ok, payload) => {
      const call = waiting.get(id)
      waiting.delete(id)
      if (ok) call?.resolve(decodeWire(payload))
      else call?.reject(new Error(payload))
    },
    message: (channel, args) => {
      // Encoded from an argument list by the host.
      const values = decodeWire(args) as unknown[]
      for (const listener of listeners.get(channel) ?? []) listener({}, ...values)
    },
  }
  world[config.deliver] = deliver

  const ipcRenderer = {
    invoke: (channel: string, ...args: unknown[]) =>
      new Promise((resolve, reject) => {
        const payload = encodeWire(args)
        const id = nextId
        nextId += 1
        waiting.set(id, { resolve, reject })
        toHost(JSON.stringify({ kind: 'invoke', id, channel, args: payload }))
      }),
    send: (channel: string, ...args: unknown[]) => {
      toHost(JSON.stringify({ kind: 'send', channel, args: encodeWire(args) }))
    },
    on: (channel: string, listener: Listener) => {
      listeners.set(channel, [...(listeners.get(channel) ?? []), listener])
      return ipcRenderer
    },
    removeListener: (channel: string, listener: Listener) => {
      const kept = (listeners.get(channel) ?? []).filter((item) => item !== listener)
      listeners.set(channel, kept)
      return ipcRenderer
    },
  }
  const electron = strict('electron (preload)', {
    contextBridge: strict('contextBridge', { exposeInMainWorld: bridge.expose }),
    ipcRenderer: strict('ipcRenderer', ipcRenderer),
  })

  return {
    require: (name: string) => {
      if (name === 'electron') return electron
      throw new Error(`module not found: ${name}`)
    },
    process: {
      type: 'renderer',
      sandboxed: true,
      contextIsolated: true,
      platform: config.platform,
      versions: config.versions,
    },
  }
}

/** Using what the stand-in does not have is an error of the stand-in, and says so. */
function strict<T extends object>(name: string, target: T): T {
  return new Proxy(target, {
    get: (object, key, receiver) => {
      if (typeof key === 'string' && !(key in object) && key !== 'then' && key !== '__esModule') {
        throw new Error(`electron-host does not implement ${name}.${key}`)
      }
      return Reflect.get(object, key, receiver) as unknown
    },
  })
}
