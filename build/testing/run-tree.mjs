// Runs a program with everything it starts, and ends all of it at a deadline.
import { spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'

const isWindows = process.platform === 'win32'

/** Time for helper processes of a browser to follow it. */
const SETTLE_MS = 3_000

/**
 * Streams the program's output through and keeps it. `leftOver`: something it started was still
 * running after it had ended, and has been killed.
 * @param {{ command: string, args: readonly string[], cwd: string, env?: NodeJS.ProcessEnv, deadlineMs: number }} options
 * @returns {Promise<{ code: number | null, output: string, late: boolean, leftOver: boolean }>}
 */
export async function runTree({ command, args, cwd, env = process.env, deadlineMs }) {
  let output = ''
  let late = false
  // Its own process group, so that the group can be ended as a whole.
  const child = spawn(command, [...args], {
    cwd,
    env,
    detached: !isWindows,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const pass = (target) => (chunk) => {
    output += chunk
    target.write(chunk)
  }
  child.stdout.setEncoding('utf8').on('data', pass(process.stdout))
  child.stderr.setEncoding('utf8').on('data', pass(process.stderr))

  const { pid } = child
  const interrupted = (signal) => {
    if (pid !== undefined) signalTree(pid, 'SIGKILL')
    process.exit(signal === 'SIGINT' ? 130 : 143)
  }
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted)
  const timer = setTimeout(() => {
    late = true
    if (pid !== undefined) signalTree(pid, 'SIGKILL')
  }, deadlineMs)
  const code = await new Promise((resolve) => {
    child.once('error', (error) => {
      output += error.message
      resolve(null)
    })
    // 'exit' and not 'close': a child of a child may hold the pipes open for ever.
    child.once('exit', resolve)
  })
  clearTimeout(timer)
  const leftOver = pid !== undefined && (await endLeftOvers(pid))
  process.removeListener('SIGINT', interrupted).removeListener('SIGTERM', interrupted)
  child.stdout.destroy()
  child.stderr.destroy()
  return { code, output, late, leftOver }
}

/** @param {number} pid */
async function endLeftOvers(pid) {
  if (isWindows) return false
  const endMs = performance.now() + SETTLE_MS
  while (groupRuns(pid)) {
    if (performance.now() > endMs) {
      signalTree(pid, 'SIGKILL')
      return true
    }
    await delay(100)
  }
  return false
}

/**
 * True while a process of the group runs. On Linux those that have ended without being collected are
 * left out: where nobody collects orphans (containers), they stay listed for ever.
 * @param {number} pid
 */
function groupRuns(pid) {
  if (process.platform !== 'linux') return signalTree(pid, 0)
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .some((name) => {
      const [, state, group] = /\) (\S) \d+ (\d+) [^)]*$/.exec(readStat(name)) ?? []
      return Number(group) === pid && state !== 'Z' && state !== 'X'
    })
}

/** Empty for a process that has just gone. @param {string} pid */
function readStat(pid) {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8')
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'ESRCH') return ''
    throw error
  }
}

/** True when there was something to signal. @param {number} pid @param {string | number} signal */
function signalTree(pid, signal) {
  if (isWindows) {
    spawn('taskkill', ['/pid', String(pid), '/T', '/F'], { stdio: 'ignore' })
    return true
  }
  try {
    process.kill(-pid, signal)
    return true
  } catch (error) {
    if (error.code === 'ESRCH') return false
    throw error
  }
}
