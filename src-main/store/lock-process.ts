import { hostname } from 'node:os'
import type { LockProcess } from './library-lock'
import { errnoOf } from './store-error'

/** This process as the holder of a lock. */
export const nodeLockProcess: LockProcess = {
  pid: process.pid,
  host: hostname().slice(0, 255),
  startedMs: Math.round(performance.timeOrigin),
  isAlive(pid) {
    try {
      // Signal 0 only asks whether the process is there.
      process.kill(pid, 0)
      return true
    } catch (cause) {
      // EPERM: it is there and belongs to somebody else.
      return errnoOf(cause) === 'EPERM'
    }
  },
}
