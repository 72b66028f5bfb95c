import { spawnSync } from 'node:child_process'
import { expect, it } from 'vitest'
import { buildChild } from '../support/build-child'
import { runProcess } from '../support/processes'
import { tempDirForTest } from '../support/temp-dir'

/** A namespace of one's own, in which everybody may mount. */
const OWN_MOUNTS = ['-rm', 'sh', '-c']
const MOUNT = 'mount -t tmpfs -o size=6m tmpfs "$1"'

it('F31 a small disk gets full: no empty files, all that was stored is whole, and recording goes on within ten seconds of space', async (context) => {
  const folder = tempDirForTest()
  const canMount = spawnSync('unshare', [...OWN_MOUNTS, MOUNT, 'sh', folder]).status === 0
  context.skip(!canMount, 'a tmpfs cannot be mounted here: no namespaces for users')
  const child = await buildChild('full-tmpfs-child')
  const { stdout, stderr } = await runProcess({
    command: 'unshare',
    args: [...OWN_MOUNTS, `${MOUNT} && exec "$2" "$3" "$1"`, 'sh', folder, process.execPath, child],
    deadlineMs: 80_000,
  })
  expect(stderr).toBe('')
  const account = JSON.parse(stdout) as Record<string, number>
  expect(account).toMatchObject({ emptyFiles: 0, gaps: 0, missing: 0, damaged: 0 })
  expect(account['before']).toBeGreaterThan(0)
  expect(account['segments']).toBeGreaterThan(account['before'] ?? 0)
  expect(account['resumedMs']).toBeLessThan(10_000)
})
