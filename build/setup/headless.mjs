// Runs the built headless server or command in this process.
import { existsSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { SetupError, sayFailure } from './say.mjs'

/**
 * Sets the process's exit code; a person never sees a stack trace.
 * @param {{ root: string, argv: readonly string[] }} options
 */
export async function runHeadless({ root, argv }) {
  const fail = (error) => {
    sayFailure(error)
    process.exit(1)
  }
  process.once('uncaughtException', fail)
  process.once('unhandledRejection', fail)
  const bundle = path.join(root, 'out/main/headless.js')
  try {
    if (!existsSync(bundle)) {
      throw new SetupError('VSR is not built yet: start it with "npm start" or "npm run vsr".')
    }
    const { main } = await import(pathToFileURL(bundle).href)
    process.exitCode = await main([...argv])
  } catch (error) {
    sayFailure(error)
    process.exitCode = 1
  }
}
