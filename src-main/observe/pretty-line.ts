const LEVELS: Readonly<Record<number, string>> = {
  20: 'debug',
  30: 'info',
  40: 'warn',
  50: 'error',
}

/** One JSON log line as a line for people: time, level, message, the rest without stack traces. Text that is no JSON stays as it is. */
export function prettyLine(line: string): string {
  try {
    const { time, level, msg, ...rest } = JSON.parse(line, withoutStack) as Record<string, unknown>
    const fields = Object.entries(rest).map(([key, value]) => `${key}=${JSON.stringify(value)}`)
    const word = LEVELS[Number(level)] ?? String(level)
    return `${[time, word.toUpperCase(), msg, ...fields].join(' ')}\n`
  } catch {
    // Written by something else than our logger: shown as it came.
    return line
  }
}

const withoutStack = (key: string, value: unknown): unknown => (key === 'stack' ? undefined : value)
