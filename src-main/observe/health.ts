import type { RecordingSummary } from '../../src-preload/contract/model'

export interface Health {
  /** Sentences; empty when all is well. */
  readonly reasons: readonly string[]
  readonly details: {
    readonly recordings: number
    readonly running: number
    readonly stalled: readonly string[]
    readonly freeBytes?: number
  }
}

/** Below this a recording may end for want of space within minutes. */
const LOW_DISK_BYTES = 512 * 1024 * 1024

/** Decides whether a recorder that nobody watches needs somebody. Titles are left out: /health is readable without a token. */
export function healthOf(input: {
  recordings: readonly RecordingSummary[]
  freeBytes: number | undefined
}): Health {
  const { recordings, freeBytes } = input
  const stalled = recordings.filter(({ state }) => state === 'stalled').map(({ id }) => id)
  const reasons = stalled.map((id) => `Recording ${id} is stalled.`)
  if (freeBytes !== undefined && freeBytes < LOW_DISK_BYTES) {
    reasons.push(`Only ${Math.floor(freeBytes / 1024 / 1024)} MB are free on the library's disk.`)
  }
  return {
    reasons,
    details: {
      recordings: recordings.length,
      running: recordings.filter(({ state }) => state === 'recording').length,
      stalled,
      ...(freeBytes === undefined ? {} : { freeBytes }),
    },
  }
}
