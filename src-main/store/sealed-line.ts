import { crc32 } from 'node:zlib'

/** One line of an append-only file, newline included: a JSON array whose last element is the CRC-32 of the text before its own comma. */
export function sealLine(values: readonly unknown[]): string {
  const text = JSON.stringify(values).slice(0, -1)
  return `${text},${crc32(text)}]\n`
}

/** The values of a line without its newline; undefined where it is damaged. Strict: the CRC first, then the JSON. */
export function openLine(line: string): readonly unknown[] | undefined {
  const comma = line.lastIndexOf(',')
  if (comma < 0 || !line.endsWith(']')) return undefined
  if (line.slice(comma + 1, -1) !== String(crc32(line.slice(0, comma)))) return undefined
  return parseArray(`${line.slice(0, comma)}]`)
}

/** A text that is no JSON is an ordinary case here: the line is damaged. */
function parseArray(text: string): readonly unknown[] | undefined {
  try {
    const parsed: unknown = JSON.parse(text)
    return Array.isArray(parsed) ? parsed : undefined
  } catch {
    return undefined
  }
}
