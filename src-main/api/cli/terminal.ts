import { VsrError } from '../../../src-preload/contract/errors'

/** Where a command writes: people on a terminal, or one JSON object per line for scripts. */
export interface Terminal {
  readonly json: boolean
  /** A line for people; nothing in JSON mode. */
  say(text: string): void
  /** Rewrites the current line on a terminal; nothing elsewhere. */
  progress(text: string): void
  /** One object, one line; nothing for people. */
  emit(value: object): void
  /** `CODE: sentence` on stderr, and an error object in JSON mode. */
  fail(error: unknown): void
}

interface TextStream {
  readonly isTTY?: boolean
  readonly columns?: number
  write(text: string): unknown
}

/** What a failure looks like to a person or a script: never a stack trace. */
function toVsrError(error: unknown): VsrError {
  if (error instanceof VsrError) return error
  return new VsrError('internal', 'Something went wrong inside VSR.', {
    hint: 'Set VSR_DEBUG=1 and try again to see the cause.',
    cause: error,
  })
}

/** @param options.json one JSON object per line on stdout and nothing else there. */
export function createTerminal(options: {
  json: boolean
  stdout: TextStream
  stderr: TextStream
  debug: boolean
}): Terminal {
  const { json, stdout, stderr, debug } = options
  let progressShown = false
  const endProgress = () => {
    if (progressShown) stdout.write('\n')
    progressShown = false
  }
  return {
    json,
    say: (text) => {
      endProgress()
      if (!json) stdout.write(`${text}\n`)
    },
    progress: (text) => {
      if (json || stdout.isTTY !== true) return
      stdout.write(`\r\u001b[2K${text.slice(0, (stdout.columns || 80) - 1)}`)
      progressShown = true
    },
    emit: (value) => {
      if (json) stdout.write(`${JSON.stringify(value)}\n`)
    },
    fail: (error) => {
      endProgress()
      const { code, message, hint, cause } = toVsrError(error)
      if (json) {
        stdout.write(
          `${JSON.stringify({ event: 'error', code, message, ...(hint && { hint }) })}\n`,
        )
      }
      stderr.write(`${code}: ${message}\n${hint === undefined ? '' : `${hint}\n`}`)
      if (debug && cause !== undefined) stderr.write(`${inspectCause(cause)}\n`)
    },
  }
}

const inspectCause = (cause: unknown) =>
  cause instanceof Error ? (cause.stack ?? cause.message) : JSON.stringify(cause)
