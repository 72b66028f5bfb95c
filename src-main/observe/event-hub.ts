import type { Logger } from '../ports/logger'

/** One event stream, many listeners; a listener that throws is logged and does not stop the others. */
export interface EventHub<E> {
  emit(event: E): void
  /** Returns the function that ends the subscription. */
  subscribe(listener: (event: E) => void): () => void
}

/** Makes an empty hub. Events are delivered at once, in the order of subscription. */
export function createEventHub<E extends { readonly type: string }>(options: {
  logger: Logger
}): EventHub<E> {
  const listeners = new Set<(event: E) => void>()
  return {
    emit: (event) => {
      for (const listener of listeners) {
        try {
          listener(event)
        } catch (err) {
          options.logger.error({ err, event: event.type }, 'a listener failed')
        }
      }
    },
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
