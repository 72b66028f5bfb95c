import { parseAttributeList } from './attribute-list'
import { readSpanSec } from './numbers'
import type { DateRange } from '../playlist'
import { readProgramDateTime } from './program-date-time'

/** The last so many of a playlist are kept: a day of breaks, and no more memory than that. */
const MOST_DATE_RANGES = 1000
const LONGEST_ID = 500

type Attributes = ReadonlyMap<string, string>

const instantOf = (text: string | undefined): number | undefined =>
  text === undefined ? undefined : readProgramDateTime(text)

/** END-DATE or DURATION, not before the start. */
function endOf(attributes: Attributes, startMs: number): number | undefined {
  const durationSec = readSpanSec(attributes.get('DURATION'))
  const endMs =
    durationSec === undefined
      ? instantOf(attributes.get('END-DATE'))
      : startMs + Math.round(durationSec * 1000)
  return endMs !== undefined && endMs >= startMs ? endMs : undefined
}

function scte35Of(attributes: Attributes): DateRange['scte35'] {
  if (attributes.has('SCTE35-OUT')) return 'out'
  if (attributes.has('SCTE35-IN')) return 'in'
  return attributes.has('SCTE35-CMD') ? 'cmd' : undefined
}

function toDateRange(id: string, attributes: Attributes): DateRange | undefined {
  const startMs = instantOf(attributes.get('START-DATE'))
  if (startMs === undefined) return undefined
  const className = attributes.get('CLASS')?.slice(0, LONGEST_ID)
  const endMs = endOf(attributes, startMs)
  const plannedDurationSec = readSpanSec(attributes.get('PLANNED-DURATION'))
  const scte35 = scte35Of(attributes)
  return {
    id,
    ...(className === undefined ? {} : { className }),
    startMs,
    ...(endMs === undefined ? {} : { endMs }),
    ...(plannedDurationSec === undefined ? {} : { plannedDurationSec }),
    endOnNext: attributes.get('END-ON-NEXT') === 'YES',
    ...(scte35 === undefined ? {} : { scte35 }),
  }
}

/** Some packagers give the tag with SCTE35-IN a START-DATE of its own instead of a DURATION: then the range ends there. */
function spliceInDate(before: Attributes, attributes: Attributes): string | undefined {
  if (!before.has('SCTE35-OUT') || !attributes.has('SCTE35-IN')) return undefined
  const isEndKnown = [before, attributes].some((tag) => tag.has('DURATION') || tag.has('END-DATE'))
  const startDate = attributes.get('START-DATE')
  return isEndKnown || startDate === before.get('START-DATE') ? undefined : startDate
}

/**
 * Reads the values of EXT-X-DATERANGE (RFC 8216 4.3.2.7). Those with the same ID are one; of equal attributes the first
 * counts. What has no ID or no readable start is left out: a recording does not depend on it.
 */
export function readDateRanges(values: readonly string[]): readonly DateRange[] {
  const byId = new Map<string, Map<string, string>>()
  for (const value of values) {
    const attributes = parseAttributeList(value)
    const id = attributes.get('ID') ?? ''
    if (id === '' || id.length > LONGEST_ID) continue
    const merged = byId.get(id) ?? new Map<string, string>()
    byId.set(id, merged)
    const end = spliceInDate(merged, attributes)
    for (const [name, text] of attributes) if (!merged.has(name)) merged.set(name, text)
    if (end !== undefined) merged.set('END-DATE', end)
    const [oldest] = byId.keys()
    if (byId.size > MOST_DATE_RANGES && oldest !== undefined) byId.delete(oldest)
  }
  return [...byId]
    .map(([id, attributes]) => toDateRange(id, attributes))
    .filter((dateRange) => dateRange !== undefined)
}
