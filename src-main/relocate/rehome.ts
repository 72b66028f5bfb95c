import path from 'node:path'

/** A JSON value with the paths below one folder as they are below another. Pure. */
export function rehome(value: unknown, from: string, to: string): unknown {
  if (typeof value === 'string') {
    return value === from || value.startsWith(from + path.sep)
      ? to + value.slice(from.length)
      : value
  }
  if (Array.isArray(value)) return value.map((item) => rehome(item, from, to))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, rehome(item, from, to)]),
  )
}
