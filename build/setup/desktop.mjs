// Runs the desktop application on an Electron runtime.
import { spawn } from 'node:child_process'

/** A runtime that fails sooner than this never showed a window. */
const START_MS = 5_000

/**
 * Resolves when the application has ended: with its exit code, or with the reason why the runtime
 * could not start here at all.
 * @param {{ runtime: string, root: string, argv: readonly string[] }} options
 * @returns {Promise<{ code: number, reason?: string }>}
 */
export function openDesktop({ runtime, root, argv }) {
  return new Promise((resolve) => {
    const startMs = performance.now()
    // Chromium refuses to run its sandbox as root.
    const flags = process.getuid?.() === 0 ? ['--no-sandbox'] : []
    let said = ''
    const child = spawn(runtime, [...flags, root, ...argv], {
      stdio: ['inherit', 'inherit', 'pipe'],
    })
    child.stderr.setEncoding('utf8').on('data', (text) => {
      said = (said + text).slice(-4096)
      process.stderr.write(text)
    })
    const forward = (signal) => child.kill(signal)
    process.on('SIGINT', forward).on('SIGTERM', forward)
    const done = (answer) => {
      process.removeListener('SIGINT', forward).removeListener('SIGTERM', forward)
      resolve(answer)
    }
    child.once('error', (error) =>
      done({ code: 1, reason: `it could not be started (${error.message})` }),
    )
    child.once('close', (code, signal) => {
      const reason =
        performance.now() - startMs < START_MS ? startProblem({ code, signal, said }) : undefined
      done(reason === undefined ? { code: code ?? 1 } : { code: 1, reason })
    })
  })
}

/**
 * Why a runtime that ended at once could not run here; undefined when that was not the machine's doing.
 * @param {{ code: number | null, signal: string | null, said: string }} options
 */
function startProblem({ code, signal, said }) {
  const library = /error while loading shared libraries: ([^:\s]+)/.exec(said)?.[1]
  if (library !== undefined) return `the system library ${library} is missing`
  if (
    /cannot open display|Missing X server|Failed to connect to Wayland/i.test(said) &&
    code !== 0
  ) {
    return 'the display does not answer'
  }
  return signal !== null && signal !== 'SIGINT' && signal !== 'SIGTERM'
    ? `its runtime ended with ${signal}`
    : undefined
}
