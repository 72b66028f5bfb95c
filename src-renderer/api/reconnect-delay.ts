const FIRST_MS = 300
const LONGEST_MS = 5000

/** Wait before connection attempt number `attempt` (0 = the first after a loss), in milliseconds. */
export function reconnectDelayMs(attempt: number): number {
  return Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt, 10))
}
