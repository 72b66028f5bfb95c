import { EventEmitter } from 'node:events'
import { strict } from './strict'

/** shell, powerSaveBlocker and powerMonitor: what is asked of the operating system is noted down, not done. */
export function createSystem() {
  const shellCalls: { method: string; target: string }[] = []
  const blockers = new Map<number, string>()
  const powerEvents = new EventEmitter()
  let nextBlocker = 1
  return {
    shellCalls,
    blockers,
    powerEvents,
    shell: strict('shell', {
      openExternal: (target: string) => {
        shellCalls.push({ method: 'openExternal', target })
        return Promise.resolve()
      },
      openPath: (target: string) => {
        shellCalls.push({ method: 'openPath', target })
        return Promise.resolve('')
      },
      showItemInFolder: (target: string) => {
        shellCalls.push({ method: 'showItemInFolder', target })
      },
    }),
    powerSaveBlocker: strict('powerSaveBlocker', {
      start: (type: string) => {
        const id = nextBlocker
        nextBlocker += 1
        blockers.set(id, type)
        return id
      },
      stop: (id: number) => blockers.delete(id),
      isStarted: (id: number) => blockers.has(id),
    }),
    powerMonitor: strict('powerMonitor', {
      on: (name: string, listener: (...args: unknown[]) => void) => powerEvents.on(name, listener),
      off: (name: string, listener: (...args: unknown[]) => void) =>
        powerEvents.off(name, listener),
    }),
  }
}
