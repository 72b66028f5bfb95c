// The step before `npm start`, `npm run vsr` and `npm test`: after it, everything they need is there.
// Needs nothing but Node; says what it does on standard error; a second run does nothing.
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { nodeProblem } from './setup/node-version.mjs'

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')

/** @param {readonly string[]} argv */
async function bootstrap(argv) {
  const problem = nodeProblem(process.versions.node)
  if (problem !== undefined) {
    process.stderr.write(`${problem}\n`)
    return 1
  }
  // Imported only now: an old Node could not even read them.
  const { sayFailure } = await import('./setup/say.mjs')
  const { setUp } = await import('./setup/set-up.mjs')
  try {
    await setUp({ root, forTests: argv.includes('--tests') })
    return 0
  } catch (error) {
    sayFailure(error)
    return 1
  }
}

process.exitCode = await bootstrap(process.argv.slice(2))
