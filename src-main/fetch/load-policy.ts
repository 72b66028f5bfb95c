import type { CircuitRule } from './circuit'
import type { ResourceKind } from './http'

/** How one kind of resource is loaded. Times in milliseconds, sizes in bytes. */
export interface LoadPolicyRow {
  /** From the request to the answer's headers, at each hop. */
  readonly firstByteMs: number
  /** Longest silence inside the body. */
  readonly idleMs: number
  /** The whole attempt, redirects and body included. */
  readonly totalMs: number
  /** Of the body, decoded. */
  readonly capBytes: number
  /** After the first attempt; the number that counts when the caller sets no `giveUpAfterMs`. */
  readonly retries: number
  /** After an answer that was wrong in itself (a web page, a cut body), whatever the caller's patience. */
  readonly wrongContentRetries: number
  readonly backoffBaseMs: number
  readonly backoffCapMs: number
  /** Before another look after what repeating does not cure; only where there is always another look. */
  readonly hopelessPauseMs: number
  /** Part of the delay that chance may take away, 0..1. */
  readonly jitter: number
  /** Whether the answer may come compressed: text only (SECURITY S25). */
  readonly compressed: boolean
  /** When an origin that does not answer is left alone; absent = never. */
  readonly circuit?: CircuitRule
}

export type LoadPolicy = Readonly<Record<ResourceKind, LoadPolicyRow>>

const SECOND = 1000
const MB = 1024 * 1024

const common = {
  firstByteMs: 10 * SECOND,
  idleMs: 10 * SECOND,
  totalMs: 300 * SECOND,
  capBytes: 256 * MB,
  retries: 6,
  wrongContentRetries: 3,
  backoffBaseMs: SECOND / 2,
  backoffCapMs: 5 * SECOND,
  hopelessPauseMs: 15 * SECOND,
  jitter: 0.3,
  compressed: false,
} satisfies LoadPolicyRow

/** Dozens of these may wait for one origin; its playlist goes on being asked for, and tells when it is back. */
const media = {
  ...common,
  circuit: { failures: 10, withinMs: 60 * SECOND, openMs: 3 * SECOND },
} satisfies LoadPolicyRow

const playlist = {
  ...common,
  totalMs: 30 * SECOND,
  capBytes: 5 * MB,
  retries: Number.POSITIVE_INFINITY,
  backoffCapMs: 10 * SECOND,
  compressed: true,
} satisfies LoadPolicyRow

/** THE table: deadlines, caps, retries and circuit breakers of everything that VSR loads or sends (FAULTS F08–F13, SECURITY S24, S25). */
export const loadPolicy: LoadPolicy = {
  // A recording never gives up its playlist (F10).
  playlist,
  // Nothing is there yet, or any more: asked for ever, and politely.
  'offline-source': {
    ...playlist,
    backoffBaseMs: 5 * SECOND,
    // Short enough that the opening is still in the window of most sources.
    backoffCapMs: 15 * SECOND,
  },
  segment: media,
  // Fetched ahead into memory; where one fails, the segment is fetched instead.
  part: { ...common, totalMs: 30 * SECOND, capBytes: 32 * MB, retries: 0 },
  init: media,
  key: { ...media, totalMs: 20 * SECOND, capBytes: 4096, retries: 5 },
  // Advice only: asked again when its time has come.
  steering: { ...common, totalMs: 20 * SECOND, capBytes: MB / 4, retries: 1, compressed: true },
  page: { ...common, totalMs: 30 * SECOND, capBytes: 4 * MB, retries: 2, compressed: true },
  // Sent, a part at a time, and in no hurry: what is there stays there. Gives a line that is down some seven minutes.
  upload: {
    ...common,
    firstByteMs: 30 * SECOND,
    idleMs: 30 * SECOND,
    totalMs: 900 * SECOND,
    capBytes: MB,
    retries: 12,
    backoffBaseMs: SECOND,
    backoffCapMs: 60 * SECOND,
  },
}

/** For a sign of life from a place that another can stand in for: two hangs and the pause between them fit into a window of three target durations. */
export const replaceableSilenceMs = (targetDurationSec: number): number =>
  Math.max(2 * SECOND, targetDurationSec * 1000)
