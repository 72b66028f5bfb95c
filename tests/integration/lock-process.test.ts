import { describe, expect, it } from 'vitest'
import { nodeLockProcess } from '../../src-main/store/lock-process'
import { startProcess } from '../support/processes'
import { waitUntil } from '../support/wait-until'

describe('the holder of a lock', () => {
  it('F42 is alive while it runs, and dead afterwards', async () => {
    expect(nodeLockProcess.isAlive(process.pid)).toBe(true)
    const child = await startProcess({ command: 'sleep', args: ['30'] })
    expect(nodeLockProcess.isAlive(child.pid)).toBe(true)
    await child.stop({ signal: 'SIGKILL' })
    expect(nodeLockProcess.isAlive(child.pid)).toBe(false)
  })

  it.runIf(process.platform === 'linux')(
    'F42 is dead when it was killed and nobody has asked for it yet',
    async () => {
      // `sleep` takes the shell's place, and never asks for the child, which ends after that.
      const parent = await startProcess({
        command: 'sh',
        args: ['-c', '(until grep -q sleep /proc/$$/comm; do :; done) & echo $!; exec sleep 30'],
      })
      try {
        const pid = await waitUntil({
          what: 'the number of the child',
          check: () => Number(parent.stdout.trim()) || undefined,
        })
        await waitUntil({
          what: 'the child to end',
          check: () => !nodeLockProcess.isAlive(pid),
        })
        expect(() => process.kill(pid, 0)).not.toThrow()
      } finally {
        await parent.stop()
      }
    },
  )
})
