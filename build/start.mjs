// `npm start`: the desktop application, or the same interface in the browser with the true reason why.
import path from 'node:path'
import { openDesktop } from './setup/desktop.mjs'
import { electronRuntime } from './setup/electron-runtime.mjs'
import { runHeadless } from './setup/headless.mjs'
import { say, sayFailure } from './setup/say.mjs'

const root = path.resolve(import.meta.dirname, '..')
const argv = process.argv.slice(2)

/** The reason why there is no desktop window, or undefined when it was there and has been closed. */
async function tryDesktop() {
  const answer = await electronRuntime({ root })
  if ('reason' in answer) return answer.reason
  const { code, reason } = await openDesktop({ runtime: answer.runtime, root, argv })
  if (reason === undefined) process.exitCode = code
  return reason
}

try {
  const reason = await tryDesktop()
  if (reason !== undefined) {
    say(`The desktop window is not available: ${reason}. The same interface opens in the browser:`)
    await runHeadless({ root, argv: ['serve', '--open', ...argv] })
  }
} catch (error) {
  sayFailure(error)
  process.exitCode = 1
}
