import { execFileSync } from 'node:child_process'
import { onTestFinished } from 'vitest'
import { createTempDir } from './temp-dir'

/** Of the system, not of npm. */
const TOOLS = { mount: 'mount', unmount: 'umount' } as const

/** A disk of its own in memory, which goes when the running test ends; undefined where this machine allows none. */
export function smallDiskForTest(megabytes: number): string | undefined {
  const { dir, remove } = createTempDir()
  onTestFinished(remove)
  try {
    const options = ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', dir]
    execFileSync(TOOLS.mount, options, { stdio: 'ignore' })
  } catch {
    return undefined
  }
  onTestFinished(() => void execFileSync(TOOLS.unmount, ['--lazy', dir], { stdio: 'ignore' }))
  return dir
}
