import {
  type DestinationStream,
  destination as openDestination,
  type Logger as Pino,
  pino,
} from 'pino'
import type { Logger } from '../ports/logger'
import { prettyLine } from './pretty-line'
import { redactFields, redactText } from './redact'

type Level = 'debug' | 'info' | 'warn' | 'error'
const STDERR = 2

/**
 * The log: JSON lines to stderr, to a file, or to whatever is handed in. `pretty` writes lines for
 * people instead. Every field and message is redacted.
 */
export function createLogger(options: {
  /** pino's words; an unknown one means `info`. */
  readonly level: string
  readonly pretty?: boolean
  readonly destination?: string | DestinationStream
}): Logger {
  const level = Object.hasOwn(pino.levels.values, options.level) ? options.level : 'info'
  const target = openTarget(options.destination)
  const stream = options.pretty
    ? { write: (line: string) => target.write(prettyLine(line)) }
    : target
  return redacting(
    pino(
      {
        level,
        base: null,
        timestamp: pino.stdTimeFunctions.isoTime,
        // Errors are plain, redacted fields by then.
        serializers: { err: (err: unknown) => err },
      },
      stream,
    ),
  )
}

function openTarget(destination: string | DestinationStream | undefined): DestinationStream {
  if (typeof destination === 'object') return destination
  return openDestination({ dest: destination ?? STDERR, mkdir: true, sync: true })
}

function redacting(log: Pino): Logger {
  const write = (level: Level) => (fields: object, message: string) => {
    if (log.isLevelEnabled(level)) log[level](redactFields(fields), redactText(message))
  }
  return {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    child: (bindings) => redacting(log.child({ ...(redactFields(bindings) as object) })),
  }
}
