/** Cues between two instants of a file's own time, seconds; what has no bound on a side goes on there. */
export interface LocalRange {
  readonly fromSec: number | undefined
  readonly toSec: number | undefined
}

/** Which instant of a file's own time is which of the MPEG-TS clock (X-TIMESTAMP-MAP, RFC 8216 3.5). Seconds. */
export interface TimestampMap {
  readonly localSec: number
  readonly mpegSec: number
}

const TICKS_PER_SEC = 90_000
const timePattern = '(?:\\d{2,}:)?\\d{2}:\\d{2}\\.\\d{3}'
const timingPattern = new RegExp(`^(${timePattern})[ \\t]+-->[ \\t]+(${timePattern})(.*)$`, 'm')

/** Undefined where the file has none, or one that cannot be read. */
export function readTimestampMap(text: string): TimestampMap | undefined {
  const [, attributes = ''] = /^X-TIMESTAMP-MAP=(.*)$/m.exec(text) ?? []
  const [, ticks] = /\bMPEGTS:(\d{1,10})\b/.exec(attributes) ?? []
  const [, local] = new RegExp(`\\bLOCAL:(${timePattern})`).exec(attributes) ?? []
  if (ticks === undefined || local === undefined) return undefined
  return { localSec: secOf(local), mpegSec: Number(ticks) / TICKS_PER_SEC }
}

/** The same WebVTT with the cues of a range only, cut to it. What is no cue stays. Pure. */
export function keepCues(text: string, range: LocalRange): string {
  return text
    .replaceAll('\r\n', '\n')
    .split(/\n{2,}/)
    .flatMap((block) => {
      const [line, start, end, settings = ''] = timingPattern.exec(block) ?? []
      if (line === undefined || start === undefined || end === undefined) return [block]
      const fromSec = Math.max(secOf(start), range.fromSec ?? 0)
      const toSec = Math.min(secOf(end), range.toSec ?? Number.POSITIVE_INFINITY)
      if (fromSec >= toSec) return []
      return [block.replace(line, () => `${timeOf(fromSec)} --> ${timeOf(toSec)}${settings}`)]
    })
    .join('\n\n')
}

function secOf(time: string): number {
  return time.split(':').reduce((sum, part) => sum * 60 + Number(part), 0)
}

function timeOf(sec: number): string {
  const ms = Math.round(sec * 1000)
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0')
  const minutes = Math.floor(ms / 60_000)
  const restSec = ((ms % 60_000) / 1000).toFixed(3).padStart(6, '0')
  return `${two(minutes / 60)}:${two(minutes % 60)}:${restSec}`
}
