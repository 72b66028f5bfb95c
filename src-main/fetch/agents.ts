import { lookup as systemLookup } from 'node:dns'
import { Agent as HttpAgent, type AgentOptions } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import type { LookupFunction } from 'node:net'
import { createGuardedLookup } from './guarded-lookup'

/**
 * Per server: enough for several tracks of several recordings. `timeout` closes connections that nobody uses. No bound over all
 * servers: Node counts idle connections in it, and a new server would wait for one of them to end.
 */
const limits: AgentOptions = {
  keepAlive: true,
  maxSockets: 16,
  maxFreeSockets: 4,
  timeout: 30_000,
  scheduling: 'lifo',
}

/** Requests that a server keeps waiting (blocking reload) hold a connection for most of the time: they have their own, or they would take those that segments need. */
const heldLimits: AgentOptions = { ...limits, maxSockets: 256, maxFreeSockets: 16 }

export interface Agents {
  /** `isHeld`: the server is expected to keep the request waiting. */
  for(
    url: URL,
    allowPrivateNetwork: boolean,
    wait: { readonly isHeld: boolean },
  ): HttpAgent | HttpsAgent
  close(): void
}

/** Connection pools, one for requests that may reach the local network and one for those that may not: a connection of the first is never reused by the second. */
export function createAgents(lookup: LookupFunction = systemLookup): Agents {
  const pool = (chosen: LookupFunction, bounds: AgentOptions) => {
    const options = { ...bounds, lookup: chosen }
    return { 'http:': new HttpAgent(options), 'https:': new HttpsAgent(options) }
  }
  const guardedLookup = createGuardedLookup(lookup)
  const open = pool(lookup, limits)
  const guarded = pool(guardedLookup, limits)
  const heldOpen = pool(lookup, heldLimits)
  const heldGuarded = pool(guardedLookup, heldLimits)
  return {
    for(url, allowPrivateNetwork, { isHeld }) {
      const [own, guardedOwn] = isHeld ? [heldOpen, heldGuarded] : [open, guarded]
      const agents = allowPrivateNetwork ? own : guardedOwn
      return url.protocol === 'https:' ? agents['https:'] : agents['http:']
    },
    close() {
      for (const agents of [open, guarded, heldOpen, heldGuarded]) {
        agents['http:'].destroy()
        agents['https:'].destroy()
      }
    },
  }
}
