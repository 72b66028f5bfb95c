const LEVELS: Readonly<Record<number, string>> = {
  20: 'debug',
  30: 'info',
  40: 'warn',
  50: 'error',
}

/**
 * One JSON log line as a line for people: `14:30:05 warn  trying again: There is nothing there (404). [source_not_found] recording=…`.
 * Text that is no JSON stays as it is.
 */
export function prettyLine(line: string): string {
  try {
    const { time, level, msg, err, code, ...rest } = JSON.parse(line) as Record<string, unknown>
    const error = typeof err === 'object' && err !== null ? err : {}
    const cause = textOf(Reflect.get(error, 'message'))
    const word = (LEVELS[Number(level)] ?? textOf(level)).padEnd(5)
    const what = cause === '' ? textOf(msg) : `${textOf(msg)}: ${cause}`
    const codeWord = textOf(code ?? Reflect.get(error, 'code'))
    const fields = Object.entries(rest).flatMap(([name, value]) =>
      textOf(value) === '' ? [] : [`${name}=${textOf(value)}`],
    )
    const parts = [clockOf(time), word, what, codeWord && `[${codeWord}]`, ...fields]
    return `${parts.filter((part) => part !== '').join(' ')}\n`
  } catch {
    // Written by something else than our logger: shown as it came.
    return line
  }
}

/** Objects are for the JSON log only. */
const textOf = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : ''

/** The time of day here, to the second. */
function clockOf(time: unknown): string {
  const date = new Date(textOf(time))
  if (Number.isNaN(date.getTime())) return ''
  return [date.getHours(), date.getMinutes(), date.getSeconds()]
    .map((part) => String(part).padStart(2, '0'))
    .join(':')
}
