import { setFlagsFromString } from 'node:v8'

/**
 * Lets the heap grow to three times of what is in use before it is collected whole. Each chunk that a socket reads is
 * memory outside of the heap that counts as growth: V8's own limit, a few megabytes above a small heap, is reached several
 * times a second while streams come in, and collecting took more than half of all CPU time. For the start of a process.
 */
export function letHeapGrow(): void {
  setFlagsFromString('--heap-growing-percent=200')
}
