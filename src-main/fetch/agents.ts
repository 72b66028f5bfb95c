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

export interface Agents {
  for(url: URL, allowPrivateNetwork: boolean): HttpAgent | HttpsAgent
  close(): void
}

/** Connection pools, one for requests that may reach the local network and one for those that may not: a connection of the first is never reused by the second. */
export function createAgents(lookup: LookupFunction = systemLookup): Agents {
  const pool = (chosen: LookupFunction) => {
    const options = { ...limits, lookup: chosen }
    return { 'http:': new HttpAgent(options), 'https:': new HttpsAgent(options) }
  }
  const open = pool(lookup)
  const guarded = pool(createGuardedLookup(lookup))
  return {
    for(url, allowPrivateNetwork) {
      const agents = allowPrivateNetwork ? open : guarded
      return url.protocol === 'https:' ? agents['https:'] : agents['http:']
    },
    close() {
      for (const agents of [open, guarded]) {
        agents['http:'].destroy()
        agents['https:'].destroy()
      }
    },
  }
}
