import { setTimeout as delay } from 'node:timers/promises'

/**
 * Looks again and again until `check` gives something other than undefined or false, and returns it.
 * Throws at the deadline, naming what it waited for.
 */
export async function waitUntil<T>(options: {
  /** For the failure: "the playlist to have 3 segments". */
  readonly what: string
  readonly check: () => T | undefined | false | Promise<T | undefined | false>
  readonly deadlineMs?: number
  readonly everyMs?: number
}): Promise<T> {
  const { what, check, deadlineMs = 20_000, everyMs = 50 } = options
  const endMs = performance.now() + deadlineMs
  for (;;) {
    const value = await check()
    if (value !== undefined && value !== false) return value
    if (performance.now() > endMs) throw new Error(`waited ${deadlineMs} ms for ${what}`)
    await delay(everyMs)
  }
}
