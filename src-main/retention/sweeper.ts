import type { Clock } from '../ports/clock'
import type { Logger } from '../ports/logger'
import type { LetGo } from './decide-retention'
import type { SpaceState } from './disk-space'

/** Between two looks, by what the disk was like at the last one. */
const LOOK_EVERY_MS: Readonly<Record<SpaceState, number>> = { ok: 10_000, low: 5000, full: 2000 }
/** The start has other things to do. */
const FIRST_LOOK_MS = 3000

/** Looks at the disk again and again, and lets go of what has to go. */
export interface Sweeper {
  begin(): void
  /** One look now; those that are asked for while one runs share the next. */
  sweep(): Promise<void>
  /** Nothing goes after it. Idempotent. */
  close(): Promise<void>
}

/**
 * @param options.look reads the disk and decides.
 * @param options.act lets go of one; its failure keeps no other from going. @returns false where nothing went.
 * @param options.onLook what the disk is like now, after what went.
 */
export function createSweeper(options: {
  readonly clock: Clock
  readonly logger: Logger
  readonly look: () => Promise<{ readonly space: SpaceState; readonly letGo: readonly LetGo[] }>
  readonly act: (gone: LetGo) => Promise<boolean>
  readonly onLook: (space: SpaceState, wentAnything: boolean) => void
}): Sweeper {
  const { clock, logger, look, act, onLook } = options
  const closing = new AbortController()
  let space: SpaceState = 'ok'
  let running: Promise<void> | undefined
  let looping: Promise<void> | undefined

  const letGoOf = async (gone: LetGo): Promise<boolean> => {
    const { kind, id, untilMs, bytes, reason } = gone
    try {
      const went = await act(gone)
      if (went) {
        logger.info({ recording: id, kind, untilMs, bytes, reason }, 'let go to keep to the limits')
      }
      return went
    } catch (err) {
      logger.warn({ err, recording: id }, 'what has to go could not be let go; tried again later')
      return false
    }
  }
  const sweepOnce = async (): Promise<void> => {
    const { letGo, ...looked } = await look()
    let went = 0
    for (const gone of letGo) {
      if (closing.signal.aborted) return
      if (await letGoOf(gone)) went += 1
    }
    space = went === 0 ? looked.space : (await look()).space
    onLook(space, went > 0)
  }
  const sweep = (): Promise<void> => {
    running ??= sweepOnce().finally(() => {
      running = undefined
    })
    return running
  }
  /** @returns false when this is closed first. */
  const hasWaited = (waitMs: number): Promise<boolean> =>
    clock.sleep(waitMs, closing.signal).then(
      () => true,
      () => false,
    )
  const loop = async (): Promise<void> => {
    for (let waitMs = FIRST_LOOK_MS; await hasWaited(waitMs); waitMs = LOOK_EVERY_MS[space]) {
      try {
        await sweep()
      } catch (err) {
        logger.warn({ err }, 'the library’s disk could not be looked at; tried again later')
      }
    }
  }
  return {
    sweep,
    begin() {
      looping ??= loop()
    },
    async close() {
      closing.abort()
      await looping
      await running?.catch(() => undefined)
    },
  }
}
