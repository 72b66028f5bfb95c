// The order of set-up: packages, tools, build.
import path from 'node:path'
import { buildApp, buildReady } from './app-build.mjs'
import { withLock } from './lock.mjs'
import { installPackages, packagesReady } from './packages.mjs'
import { ensureTools, missingTools } from './tools.mjs'

/**
 * Does what is missing, nothing else. Safe to run twice at once.
 * @param {{ root: string, forTests: boolean }} options tests build for themselves: their build is one of the tests
 */
export async function setUp({ root, forTests }) {
  const ready = () =>
    missingTools({ forTests }).length === 0 && packagesReady(root) && (forTests || buildReady(root))
  if (ready()) return
  await withLock({
    dir: path.join(root, '.cache/setup.lock'),
    // Each is looked at again: the one who held the lock before may have done it.
    work: async () => {
      await ensureTools({ root, forTests })
      if (!packagesReady(root)) await installPackages({ root })
      if (!forTests && !buildReady(root)) await buildApp(root)
    },
  })
}
