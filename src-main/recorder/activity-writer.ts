import { VsrError } from '../../src-preload/contract/errors'
import type { Activity } from '../../src-preload/contract/activity'
import type { Clock } from '../ports/clock'
import type { Logger } from '../ports/logger'
import type { RecordingStore } from '../store/model'

type WithoutTime<T> = T extends unknown ? Omit<T, 'atMs'> : never
/** What happened; when is now. */
export type NewActivity = WithoutTime<Activity>

/** Notes what happens to a recording. */
export interface ActivityWriter {
  /** Returns at once. Never fails: what cannot be written is in the log only. */
  note(activity: NewActivity): void
  /** Waits for what is being written. Never rejects. */
  idle(): Promise<void>
}

export function createActivityWriter(options: {
  recording: Pick<RecordingStore, 'activity'>
  clock: Pick<Clock, 'nowMs'>
  logger: Logger
}): ActivityWriter {
  const { recording, clock, logger } = options
  let writing: Promise<void> = Promise.resolve()

  const write = async (activity: Activity) => {
    try {
      await (await recording.activity()).add(activity)
    } catch (err) {
      if (!(err instanceof VsrError)) throw err
      logger.warn({ err, activity: activity.type }, 'what happened could not be noted')
    }
  }
  return {
    note(activity) {
      const timed = { ...activity, atMs: clock.nowMs() }
      writing = writing.then(() => write(timed))
    },
    idle: () => writing,
  }
}
