// Runs a program of set-up to its end, quietly.
import { spawn } from 'node:child_process'
import { stripVTControlCharacters } from 'node:util'

/** Output kept of one program: enough for its last words. */
const KEPT_CHARACTERS = 64 * 1024

/**
 * Never rejects and never uses a shell; a program that cannot be started has `code` undefined.
 * @param {{ command: string, args: readonly string[], cwd?: string, env?: NodeJS.ProcessEnv, deadlineMs?: number }} options
 * @returns {Promise<{ code: number | null | undefined, output: string, late: boolean }>}
 */
export function run({ command, args, cwd, env = process.env, deadlineMs }) {
  return new Promise((resolve) => {
    let output = ''
    let late = false
    const child = spawn(command, [...args], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
    const keep = (text) => {
      output = (output + stripVTControlCharacters(text)).slice(-KEPT_CHARACTERS)
    }
    child.stdout.setEncoding('utf8').on('data', keep)
    child.stderr.setEncoding('utf8').on('data', keep)
    const timer =
      deadlineMs === undefined
        ? undefined
        : setTimeout(() => {
            late = true
            child.kill('SIGKILL')
          }, deadlineMs)
    const stopTiming = () => clearTimeout(timer)
    child.once('error', (error) => {
      stopTiming()
      resolve({ code: undefined, output: error.message, late })
    })
    child.once('close', (code) => {
      stopTiming()
      resolve({ code, output, late })
    })
  })
}
