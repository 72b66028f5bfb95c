import type { HttpClient } from '../../fetch/http'
import type { MediaPlaylist, PartialSegment } from '../../hls/playlist'
import type { Clock } from '../../ports/clock'
import type { LivePart, LiveTrack } from '../../ports/live-parts'
import type { Logger } from '../../ports/logger'
import { partKey, type PartResource } from './fetch-part'
import { growingNumber, leadingParts, makesWhole, takesParts } from './growing-segment'
import { createPartFetches, type PartFetch } from './part-fetches'
import type { PlannedSegment } from '../plan'
import { isSamePlace } from '../source/segment-copies'
import type { RequestBase } from '../segments/download-segment'
import type { StreamInUse } from '../source/track-candidates'

/** A listing, the epoch that its numbers belong to, and where it came from. */
interface EpochListing {
  readonly epoch: number
  readonly playlist: MediaPlaylist
  readonly stream: StreamInUse
}

/** Fetches the parts of the segment in progress as they are listed, and the hinted one before. */
export interface PartLoader {
  /** Told of each listing, in turn. What goes wrong with a part changes nothing: the segment is fetched as any other. */
  onListing(listing: EpochListing): void
  /** The bytes of a segment from its parts, once; undefined where it has to be fetched. Waits for parts under way. */
  take(planned: PlannedSegment): Promise<readonly Uint8Array[] | undefined>
  /** Lets go of everything. Idempotent. */
  close(): void
}

/** All parts of a track in memory at once. */
const MOST_BYTES = 32 * 1024 * 1024
/** Beside the segment in progress, so many that are whole are kept: players still ask for their parts. */
const WHOLE_KEPT = 2
/** A segment that is whole waits no longer for the last of its parts. */
const PATIENCE_MS = 3000
/** A hinted part is held back for three target durations at most, as a playlist is. */
const HOLD_TARGETS = 3
const LONGEST_HOLD_MS = 60_000

interface Entry {
  readonly part: PartialSegment
  readonly fetch: PartFetch
  body: Uint8Array | undefined
}

interface Growing {
  readonly mediaSequence: number
  readonly entries: Entry[]
  /** Parts that the first listing has in which the segment is whole. */
  listedParts: number | undefined
  isTaken: boolean
  isBroken: boolean
}

/**
 * @param options.onChange what is at hand has changed.
 */
export function createPartLoader(options: {
  requestBase: (signal: AbortSignal) => RequestBase
  http: HttpClient
  clock: Clock
  logger: Logger
  signal: AbortSignal
  onChange: (live: LiveTrack | undefined) => void
}): PartLoader {
  const { clock, onChange } = options
  const closing = new AbortController()
  const growing = new Map<number, Growing>()
  let epoch: number | undefined
  let stream: StreamInUse | undefined
  let newest = -1
  let partTargetSec = 0

  const heldBytes = () => {
    let bytes = 0
    for (const { entries } of growing.values()) {
      for (const { body } of entries) bytes += body?.length ?? 0
    }
    return bytes
  }
  const fetches = createPartFetches({
    ...options,
    freeBytes: () => MOST_BYTES - heldBytes(),
    signal: AbortSignal.any([options.signal, closing.signal]),
  })
  const announce = () => {
    const segments = [...growing.values()].flatMap(({ mediaSequence, entries, isBroken }) =>
      isBroken ? [] : [{ epoch: epoch ?? 0, mediaSequence, parts: readyParts(entries) }],
    )
    onChange(segments.length === 0 ? undefined : { partTargetSec, segments })
  }
  const giveUp = (segment: Growing) => {
    segment.isBroken = true
    for (const { fetch } of segment.entries) fetch.abort()
    segment.entries.length = 0
    announce()
  }
  const add = (segment: Growing, part: PartialSegment) => {
    const entry: Entry = { part, fetch: fetches.listed(part), body: undefined }
    segment.entries.push(entry)
    void entry.fetch.body.then((body) => {
      if (segment.isBroken || growing.get(segment.mediaSequence) !== segment) return
      if (body === undefined) {
        giveUp(segment)
        return
      }
      entry.body = body
      announce()
    })
  }
  const follow = (segment: Growing, playlist: MediaPlaylist) => {
    const listed = leadingParts(playlist.parts ?? [], segment.mediaSequence)
    const isWhole = segment.mediaSequence < (growingNumber(playlist) ?? 0)
    if (isWhole) segment.listedParts ??= listed.length
    if (segment.isBroken) return
    for (const part of listed.slice(segment.entries.length)) add(segment, part)
  }
  const followHint = ({ preloadHint, partsBreak, targetDurationSec }: MediaPlaylist) => {
    const isWanted = preloadHint !== undefined && partsBreak !== true
    const resource = isWanted ? hintedResource(preloadHint) : undefined
    const key = resource === undefined ? undefined : partKey(resource)
    const isListed = [...growing.values()].some(({ entries }) =>
      entries.some(({ fetch }) => fetch.key === key),
    )
    const holdMs = Math.min(LONGEST_HOLD_MS, targetDurationSec * HOLD_TARGETS * 1000)
    fetches.hint(isListed ? undefined : resource, holdMs)
  }
  const forget = (isOver: (segment: Growing) => boolean) => {
    for (const segment of growing.values()) {
      if (!isOver(segment)) continue
      growing.delete(segment.mediaSequence)
      for (const { fetch } of segment.entries) fetch.abort()
    }
  }
  const forgetAll = () => {
    fetches.close()
    forget(() => true)
  }

  return {
    onListing(listing) {
      const { playlist } = listing
      const isElsewhere = stream !== undefined && !isSamePlace(stream, listing.stream)
      if (listing.epoch !== epoch || isElsewhere) {
        forgetAll()
        epoch = listing.epoch
        newest = -1
      }
      stream = listing.stream
      const number = growingNumber(playlist)
      if (number === undefined || number < newest || closing.signal.aborted) return
      newest = number
      partTargetSec = playlist.partTargetSec ?? 0
      if (takesParts(playlist)) {
        const current = growing.get(number) ?? emptySegment(number)
        growing.set(number, current)
        if (playlist.partsBreak === true && !current.isBroken) giveUp(current)
        for (const segment of growing.values()) follow(segment, playlist)
        followHint(playlist)
      } else {
        forgetAll()
      }
      forget(({ mediaSequence }) => mediaSequence < number - WHOLE_KEPT)
      announce()
    },
    async take({ epoch: ofEpoch, segment }) {
      const known = ofEpoch === epoch ? growing.get(segment.mediaSequence) : undefined
      if (known === undefined || known.isTaken || known.listedParts === undefined) return undefined
      known.isTaken = true
      const { entries, listedParts } = known
      const patience = new AbortController()
      const tooLong = clock.sleep(PATIENCE_MS, patience.signal).catch(() => undefined)
      const all = Promise.all(entries.map(({ fetch }) => fetch.body))
      const bodies = await Promise.race([all, tooLong])
      patience.abort()
      const whole = (bodies ?? []).filter((body) => body !== undefined)
      const bytes = whole.reduce((sum, body) => sum + body.length, 0)
      const parts = entries.slice(0, whole.length).map(({ part }) => part)
      return makesWhole({ segment, parts, listedParts, bytes }) ? whole : undefined
    },
    close() {
      closing.abort()
      forgetAll()
      announce()
    },
  }
}

const emptySegment = (mediaSequence: number): Growing => ({
  mediaSequence,
  entries: [],
  listedParts: undefined,
  isTaken: false,
  isBroken: false,
})

/** Those that have come, up to the first that has not. */
function readyParts(entries: readonly Entry[]): LivePart[] {
  const ready: LivePart[] = []
  for (const { part, body } of entries) {
    if (body === undefined) break
    ready.push({ durationSec: part.durationSec, independent: part.independent, body })
  }
  return ready
}

/** What a hint can be asked for with: its whole resource, or a range whose end it tells. One that is open at its end waits until it is listed. */
function hintedResource({
  uri,
  byteRange,
}: NonNullable<MediaPlaylist['preloadHint']>): PartResource | undefined {
  if (byteRange === undefined) return { uri }
  const { offset, length } = byteRange
  return length === undefined ? undefined : { uri, byteRange: { offset, length } }
}
