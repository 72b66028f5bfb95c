import { getEventListeners } from 'node:events'

/**
 * How many others a signal holds on to: listeners, and signals that AbortSignal.any has made of it, which Node 20 keeps (by weak
 * references) for as long as the signal lives.
 */
export function holdersOf(signal: AbortSignal): number {
  const dependants = Object.getOwnPropertySymbols(signal)
    .filter(({ description }) => description === 'kDependantSignals')
    // Node's own set, which is no instance of Set.
    .map((symbol) => Reflect.get(signal, symbol) as { readonly size: number } | undefined)
  return dependants.reduce(
    (sum, set) => sum + (set?.size ?? 0),
    getEventListeners(signal, 'abort').length,
  )
}
