import { mkdtempSync, realpathSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { onTestFinished } from 'vitest'

export interface TempDir {
  /** Absolute, without symbolic links. */
  readonly dir: string
  /** Removes it with everything inside. Idempotent. */
  remove(): Promise<void>
}

/** A new empty folder of the caller's own; the caller removes it. */
export function createTempDir(): TempDir {
  const dir = mkdtempSync(path.join(realpathSync(tmpdir()), 'vsr-test-'))
  return {
    dir,
    remove: () => rm(dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }),
  }
}

/** A new empty folder that goes when the running test ends. Only inside a test. */
export function tempDirForTest(): string {
  const temp = createTempDir()
  onTestFinished(() => temp.remove())
  return temp.dir
}
