/** When requests of one kind to one origin are held back, part of the load policy. */
export interface CircuitRule {
  /** Connections in a row that failed, all within `withinMs`. */
  readonly failures: number
  readonly withinMs: number
  /** For how long nothing is asked then; after it one request goes ahead as a probe. */
  readonly openMs: number
}

/** What is known of the way to an origin. Instants are of the monotonic clock. */
export type Circuit =
  | { readonly state: 'closed'; readonly failedAtMs: readonly number[] }
  | { readonly state: 'open'; readonly untilMs: number }
  /** One request is on its way to find out. */
  | { readonly state: 'half-open' }

export const closedCircuit: Circuit = { state: 'closed', failedAtMs: [] }

/** Whether a request may be made now, and what becomes of the circuit if it is. Pure. */
export function tryCircuit(
  circuit: Circuit,
  nowMs: number,
): { readonly allowed: boolean; readonly circuit: Circuit } {
  switch (circuit.state) {
    case 'closed':
      return { allowed: true, circuit }
    case 'half-open':
      return { allowed: false, circuit }
    case 'open':
      return nowMs < circuit.untilMs
        ? { allowed: false, circuit }
        : { allowed: true, circuit: { state: 'half-open' } }
  }
}

/** A connection failed. Pure. */
export function failCircuit(circuit: Circuit, nowMs: number, rule: CircuitRule): Circuit {
  const open: Circuit = { state: 'open', untilMs: nowMs + rule.openMs }
  switch (circuit.state) {
    case 'open':
      return circuit
    case 'half-open':
      return open
    case 'closed': {
      const lately = circuit.failedAtMs.filter((atMs) => nowMs - atMs < rule.withinMs)
      const failedAtMs = [...lately, nowMs]
      return failedAtMs.length >= rule.failures ? open : { state: 'closed', failedAtMs }
    }
  }
}

/** A request ended that found out nothing: whoever comes next is the probe. Pure. */
export function leaveCircuit(circuit: Circuit, nowMs: number): Circuit {
  return circuit.state === 'half-open' ? { state: 'open', untilMs: nowMs } : circuit
}

/** Something else got through to the origin: the next request may find out at once, whatever the probe does. Pure. */
export function hopeCircuit(circuit: Circuit, nowMs: number): Circuit {
  return circuit.state !== 'closed' ? { state: 'open', untilMs: nowMs } : circuit
}
