import path from 'node:path'
import { type Exit, runProcess, startProcess } from './processes'
import { waitUntil } from './wait-until'

/** One object of `--json` output. */
export type JsonLine = Readonly<Record<string, unknown>>

/** What `--json` says of a recording, as far as tests read it. */
export interface RecordingLine {
  readonly id: string
  readonly state: string
  readonly startMs: number
  readonly endMs: number
  readonly durationSec: number
  readonly segments: number
  readonly gaps: number
  readonly tracks: readonly { readonly id: string; readonly segments: number }[]
}

/** The recording that a line tells of. */
export const recordingOf = (line: JsonLine) => line['recording'] as RecordingLine

export interface VsrProcess {
  readonly pid: number
  /** Everything on standard output so far, parsed. */
  readonly lines: readonly JsonLine[]
  readonly stderr: string
  readonly exited: Promise<Exit>
  /**
   * The first line, early ones included, that has this `event` and passes `match`. Throws at the
   * deadline and when the process ends without it, with what it said.
   */
  waitFor(
    event: string,
    options?: {
      readonly match?: (line: JsonLine) => boolean
      readonly deadlineMs?: number
    },
  ): Promise<JsonLine>
  /** Ctrl-C unless told otherwise; KILL after 15 s. Idempotent. */
  stop(signal?: NodeJS.Signals): Promise<Exit>
}

export interface VsrOptions {
  /** Added to the environment; undefined removes. */
  readonly env?: Readonly<Record<string, string | undefined>>
}

const root = path.resolve(import.meta.dirname, '../..')

const commandFor = (args: readonly string[], env: VsrOptions['env'] = {}) => ({
  command: process.execPath,
  args: [path.join(root, 'build/vsr.mjs'), ...args],
  cwd: root,
  env: withoutVitest({ ...process.env, ...env }),
})

/** Starts the built command line, for commands that go on (`serve`, `record`). Add `--json` to read its lines. */
export async function startVsr(
  args: readonly string[],
  options: VsrOptions = {},
): Promise<VsrProcess> {
  const lines: JsonLine[] = []
  let rest = ''
  const vsr = await startProcess({
    ...commandFor(args, options.env),
    onStdout: (text) => {
      const parts = (rest + text).split('\n')
      rest = parts.pop() ?? ''
      lines.push(...parts.flatMap(parseLine))
    },
  })
  return {
    pid: vsr.pid,
    lines,
    get stderr() {
      return vsr.stderr
    },
    exited: vsr.exited,
    waitFor: (event, { match = () => true, deadlineMs = 20_000 } = {}) =>
      waitUntil({
        what: `vsr to say "${event}"`,
        deadlineMs,
        check: () => {
          const running = vsr.running
          const found = lines.find((line) => line.event === event && match(line))
          if (found === undefined && !running) {
            throw new Error(
              `vsr ${args.join(' ')} ended without "${event}"\n${vsr.stdout}\n${vsr.stderr}`,
            )
          }
          return found
        },
      }),
    stop: (signal = 'SIGINT') => vsr.stop({ signal, deadlineMs: 15_000 }),
  }
}

/** Runs one command of the built command line to its end. */
export async function runVsr(
  args: readonly string[],
  options: VsrOptions & { readonly deadlineMs?: number } = {},
): Promise<{
  readonly code: number | null
  readonly lines: readonly JsonLine[]
  readonly stdout: string
  readonly stderr: string
}> {
  const { code, stdout, stderr } = await runProcess({
    ...commandFor(args, options.env),
    deadlineMs: options.deadlineMs ?? 60_000,
  })
  return { code, lines: stdout.split('\n').flatMap(parseLine), stdout, stderr }
}

/** Objects only: `list` prints one array, and lines for people are none of ours; read those from `stdout`. */
function parseLine(text: string): JsonLine[] {
  return text.startsWith('{') ? [JSON.parse(text) as JsonLine] : []
}

/** The program has to behave as it does outside of the test runner. */
function withoutVitest(env: Record<string, string | undefined>) {
  return Object.fromEntries(
    Object.entries(env).filter(
      ([name]) => !/^(VITEST|NODE_ENV$|TEST$|VITE_|DEV$|PROD$|MODE$|SSR$|BASE_URL$)/.test(name),
    ),
  )
}
