import { setFlagsFromString } from 'node:v8'

/**
 * Fits V8 to a process that waits most of the time and runs for days. For the start of a process.
 *
 * The heap may grow to three times of what is in use before it is collected whole. Memory outside of the heap counts as
 * growth: V8's own limit, a few megabytes above a small heap, is reached again and again while streams come in.
 */
export function tuneEngine(): void {
  setFlagsFromString('--heap-growing-percent=200')
}
