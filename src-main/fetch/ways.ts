import { lookup as systemLookup } from 'node:dns'
import type { LookupFunction } from 'node:net'
import { createGuardedLookup } from './guarded-lookup'
import type { ConnectionLimits } from './http1/connection-pool'

/** What decides over which connections a request goes. */
export interface Reach {
  readonly allowPrivateNetwork: boolean
  /** The server is expected to keep the request waiting. */
  readonly isHeld: boolean
}

/** One set of connections for each reach. */
export interface Ways<T> {
  of(reach: Reach): T
  readonly all: readonly T[]
}

/**
 * Per server: enough for several tracks of several recordings. No bound over all servers: idle connections would count in
 * it, and a new server would wait for one of them to end.
 */
const limits: ConnectionLimits = { most: 16, mostIdle: 4, idleMs: 30_000 }

/** Requests that a server keeps waiting (blocking reload) hold a connection for most of the time: they have their own, or they would take those that segments need. */
const heldLimits: ConnectionLimits = { ...limits, most: 256, mostIdle: 16 }

/** A connection that may reach the local network is never used again by a request that may not. */
export function createWays<T>(
  lookup: LookupFunction = systemLookup,
  make: (lookup: LookupFunction, limits: ConnectionLimits) => T,
): Ways<T> {
  const guardedLookup = createGuardedLookup(lookup)
  const open = make(lookup, limits)
  const guarded = make(guardedLookup, limits)
  const heldOpen = make(lookup, heldLimits)
  const heldGuarded = make(guardedLookup, heldLimits)
  return {
    of({ allowPrivateNetwork, isHeld }) {
      if (isHeld) return allowPrivateNetwork ? heldOpen : heldGuarded
      return allowPrivateNetwork ? open : guarded
    },
    all: [open, guarded, heldOpen, heldGuarded],
  }
}
