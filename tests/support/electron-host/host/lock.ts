import { randomUUID } from 'node:crypto'
import {
  type FSWatcher,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  watch,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'

export interface HandOver {
  readonly argv: readonly string[]
  readonly cwd: string
  readonly additionalData: unknown
}

export interface InstanceLock {
  /** True when this process is the first one; otherwise hands `message` to the first one. Synchronous, as in Electron. */
  claim(message: HandOver): boolean
  isHeld(): boolean
  release(): void
}

/** One instance per data folder, as Chromium's process singleton does it. */
export function createInstanceLock(options: {
  folder: string
  onHandOver: (message: HandOver) => void
}): InstanceLock {
  const { folder, onHandOver } = options
  const lockFile = path.join(folder, 'electron-host.lock')
  const inbox = path.join(folder, 'electron-host-inbox')
  let watcher: FSWatcher | undefined

  const take = (): boolean => {
    try {
      writeFileSync(lockFile, String(process.pid), { flag: 'wx' })
      return true
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
      return false
    }
  }
  const isStale = () => {
    try {
      process.kill(Number(readFileSync(lockFile, 'utf8')), 0)
      return false
    } catch {
      // No such process, or no such file any more: whoever held it is gone.
      return true
    }
  }
  const receive = () => {
    for (const name of readdirSync(inbox)) {
      if (!name.endsWith('.json')) continue
      const file = path.join(inbox, name)
      // Written whole by `claim` of another stand-in.
      const message = JSON.parse(readFileSync(file, 'utf8')) as HandOver
      rmSync(file)
      onHandOver(message)
    }
  }

  return {
    claim: (message) => {
      mkdirSync(inbox, { recursive: true })
      if (watcher !== undefined) return true
      let held = take()
      if (!held && isStale()) {
        rmSync(lockFile, { force: true })
        held = take()
      }
      if (held) {
        watcher = watch(inbox, receive)
        return true
      }
      const file = path.join(inbox, randomUUID())
      writeFileSync(file, JSON.stringify(message))
      renameSync(file, `${file}.json`)
      return false
    },
    isHeld: () => watcher !== undefined,
    release: () => {
      if (watcher === undefined) return
      watcher.close()
      watcher = undefined
      rmSync(lockFile, { force: true })
    },
  }
}
