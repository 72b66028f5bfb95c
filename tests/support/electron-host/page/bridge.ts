/** What travels between the page's world and the preload's world; cloned by Chromium on the way, like in Electron. */
type Encoded =
  | { readonly k: 'value'; readonly v: unknown }
  | { readonly k: 'function' | 'promise'; readonly id: number }
  | { readonly k: 'array'; readonly v: readonly Encoded[] }
  | { readonly k: 'object'; readonly v: readonly (readonly [string, Encoded])[] }

type Outcome =
  | { readonly ok: true; readonly value: Encoded }
  | { readonly ok: false; readonly message: string }

type Message =
  | { readonly kind: 'expose'; readonly key: string; readonly api: Encoded }
  | {
      readonly kind: 'call'
      readonly call: number
      readonly id: number
      readonly args: readonly Encoded[]
    }
  | { readonly kind: 'return'; readonly call: number; readonly outcome: Outcome }
  | { readonly kind: 'settle'; readonly id: number; readonly outcome: Outcome }

type AnyFunction = (...args: unknown[]) => unknown

/**
 * One end of the bridge between two worlds of one document, following the parameter, error and return type rules of
 * https://www.electronjs.org/docs/latest/api/context-bridge: functions are proxied, promises too, other values are copied,
 * prototypes are dropped, errors keep their message only.
 */
export function createBridge(options: {
  /** Names of the events to listen to and to send; unknown to the page's scripts. */
  inbox: string
  outbox: string
  onExpose: (key: string, api: unknown) => void
}) {
  const { inbox, outbox, onExpose } = options
  const functions = new Map<number, AnyFunction>()
  const promises = new Map<
    number,
    { resolve: (value: unknown) => void; reject: (error: Error) => void }
  >()
  const returns = new Map<number, Outcome>()
  let nextId = 1

  const send = (message: Message) => {
    document.dispatchEvent(new CustomEvent(outbox, { detail: message }))
  }

  const encode = (value: unknown): Encoded => {
    if (typeof value === 'function') {
      const id = nextId
      nextId += 1
      // Checked by the line above; what it takes and returns is up to the caller.
      functions.set(id, value as AnyFunction)
      return { k: 'function', id }
    }
    if (typeof value === 'symbol') {
      throw new TypeError('A symbol cannot be sent over the contextBridge')
    }
    if (value instanceof Promise) {
      const id = nextId
      nextId += 1
      value.then(
        (result: unknown) => {
          send({ kind: 'settle', id, outcome: attempt(() => result) })
        },
        (error: unknown) => {
          send({ kind: 'settle', id, outcome: { ok: false, message: messageOf(error) } })
        },
      )
      return { k: 'promise', id }
    }
    if (Array.isArray(value)) return { k: 'array', v: value.map(encode) }
    if (isPlain(value)) {
      return { k: 'object', v: Object.entries(value).map(([key, item]) => [key, encode(item)]) }
    }
    return { k: 'value', v: structuredClone(value) }
  }

  const decode = (encoded: Encoded): unknown => {
    switch (encoded.k) {
      case 'value':
        return encoded.v
      case 'array':
        return encoded.v.map(decode)
      case 'object':
        return Object.fromEntries(encoded.v.map(([key, item]) => [key, decode(item)]))
      case 'function':
        return (...args: unknown[]) => callRemote(encoded.id, args)
      case 'promise':
        return new Promise((resolve, reject) => {
          promises.set(encoded.id, { resolve, reject })
        })
    }
  }

  const attempt = (work: () => unknown): Outcome => {
    try {
      return { ok: true, value: encode(work()) }
    } catch (error) {
      return { ok: false, message: messageOf(error) }
    }
  }

  /** Events are delivered while dispatchEvent runs, so the answer is there when it returns. */
  const callRemote = (id: number, args: readonly unknown[]): unknown => {
    const call = nextId
    nextId += 1
    send({ kind: 'call', call, id, args: args.map(encode) })
    const outcome = returns.get(call)
    returns.delete(call)
    if (outcome === undefined) throw new Error('electron-host: the other world gave no answer')
    if (!outcome.ok) throw new Error(outcome.message)
    return decode(outcome.value)
  }

  const receive = (message: Message) => {
    switch (message.kind) {
      case 'expose':
        onExpose(message.key, decode(message.api))
        return
      case 'return':
        returns.set(message.call, message.outcome)
        return
      case 'call': {
        const target = functions.get(message.id)
        const outcome = attempt(() => {
          if (target === undefined) throw new Error('electron-host: no such function')
          return target(...message.args.map(decode))
        })
        send({ kind: 'return', call: message.call, outcome })
        return
      }
      case 'settle': {
        const promise = promises.get(message.id)
        promises.delete(message.id)
        if (message.outcome.ok) promise?.resolve(decode(message.outcome.value))
        else promise?.reject(new Error(message.outcome.message))
      }
    }
  }

  document.addEventListener(inbox, (event) => {
    // Only the other end of this bridge knows the event's name.
    receive((event as CustomEvent<Message>).detail)
  })

  return {
    expose: (key: string, api: unknown) => {
      send({ kind: 'expose', key, api: encode(api) })
    },
  }
}

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
