import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { launchRuntime } from './runtime-app'
import { launchStandIn, standInCommand } from './stand-in-app'
import type { DesktopApp, LaunchOptions } from './types'

const root = path.resolve(import.meta.dirname, '../../..')
/** A start that should end by itself and does not is ended after this long. */
const RUN_DEADLINE_MS = 60_000

export type DesktopOptions = Omit<LaunchOptions, 'appPath'>

/** Electron's executable: ELECTRON_PATH, or the one that its package has downloaded; undefined where there is none. */
export function findRuntime(): string | undefined {
  const chosen = process.env.ELECTRON_PATH
  if (chosen) return chosen
  const folder = path.join(root, 'node_modules/electron')
  const pathFile = path.join(folder, 'path.txt')
  if (!existsSync(pathFile)) return undefined
  const executable = path.join(folder, 'dist', readFileSync(pathFile, 'utf8').trim())
  return existsSync(executable) ? executable : undefined
}

/** Starts the built application: on the real runtime where it is found, else on the stand-in. */
export function launchDesktop(options: DesktopOptions): Promise<DesktopApp> {
  const executablePath = findRuntime()
  return executablePath === undefined
    ? launchStandIn({ ...options, appPath: root })
    : launchRuntime({ ...options, appPath: root, executablePath })
}

/** Runs a start of the built application that is expected to end by itself. */
export async function runDesktop(
  options: DesktopOptions,
): Promise<{ code: number | null; output: string }> {
  const executablePath = findRuntime()
  const { command, args } =
    executablePath === undefined
      ? await standInCommand({ ...options, appPath: root })
      : {
          command: executablePath,
          args: [root, `--user-data-dir=${options.userDataDir}`, ...(options.args ?? [])],
        }
  const child = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: RUN_DEADLINE_MS,
    killSignal: 'SIGKILL',
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString()
    })
  }
  const [code] = await once(child, 'close')
  // Either a number or null, by Node's documentation of the event.
  return { code: code as number | null, output }
}
