import { readFileSync } from 'node:fs'
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
      return !hasEnded(pid)
    } catch (cause) {
      // EPERM: it is there and belongs to somebody else.
      return errnoOf(cause) === 'EPERM'
    }
  },
}

/** Linux keeps the number of a killed process until its parent asks for it; in a container that may be never. */
function hasEnded(pid: number): boolean {
  if (process.platform !== 'linux') return false
  try {
    // `pid (name) state …`; a name may hold anything, brackets too.
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    return /^[ZX]/.test(stat.slice(stat.lastIndexOf(')') + 2))
  } catch (cause) {
    // No /proc to look at: what the signal said holds. Gone between the two: dead.
    return errnoOf(cause) === 'ESRCH'
  }
}
