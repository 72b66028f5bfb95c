import type { RecordingSummary, Storage } from '../../src-preload/contract/model'

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
  storage: Pick<Storage, 'freeBytes' | 'state'>
}): Health {
  const { recordings, storage } = input
  const { freeBytes } = storage
  const stalled = recordings.filter(({ state }) => state === 'stalled').map(({ id }) => id)
  const reasons = stalled.map((id) => `Recording ${id} is stalled.`)
  if (freeBytes !== undefined && freeBytes < LOW_DISK_BYTES) {
    reasons.push(`Only ${Math.floor(freeBytes / 1024 / 1024)} MB are free on the library's disk.`)
  }
  if (storage.state === 'full') {
    reasons.push("The library's disk is nearly full: recording pauses until there is space.")
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
