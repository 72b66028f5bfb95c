import type { GapCause } from '../../../src-preload/contract/model'
import { TextBuffer } from './text-buffer'

/** Pieces of one kind remembered at once: a track has segments of few lengths, unless it is cut to its sound. */
const MOST_PIECES = 256
const MINUTE_MS = 60_000

const NEWLINE = 10
const DOT = 46
const UTC = 90
const ascii = (text: string): Buffer => Buffer.from(text, 'latin1')
const discontinuityTag = ascii('#EXT-X-DISCONTINUITY\n')
const missingTag = ascii('#EXT-X-GAP\n')
const noKeyTag = ascii('#EXT-X-KEY:METHOD=NONE\n')

/** The URI of a part is `uriStart`, `p`, epoch, media sequence number and place with dashes between, a dot, the extension, and `uriEnd`. */
interface PartUri {
  readonly epoch: number
  readonly mediaSequence: number
  readonly partIndex: number
  readonly extension: string
}

/**
 * Writes the part of a media playlist that grows with the recording (RFC 8216): segments and what stands
 * between them. Only ids, enumerated words and numbers are written: titles and URIs of the source never
 * are, so nothing hostile can start a line of its own (SECURITY S10). Remembers pieces that come again,
 * which are nearly all of a long playlist: make one writer for each.
 */
export class MediaWriter {
  private readonly text = new TextBuffer()
  private readonly lengths: Pieces<number>
  private readonly ends: Pieces<string>
  private readonly minutes: Pieces<number>
  private readonly uriOf: (index: number, extension: string) => string
  private readonly partUriOf: (part: PartUri) => string

  /** URIs are `uriStart`, an index, a dot, an extension, and `uriEnd`. */
  constructor({ uriStart, uriEnd }: { readonly uriStart: string; readonly uriEnd: string }) {
    this.lengths = new Pieces((sec) => `#EXTINF:${decimalSec(sec)},\n${uriStart}`)
    this.ends = new Pieces((extension) => `.${extension}${uriEnd}\n`)
    this.minutes = new Pieces((minute) => {
      const instant = new Date(minute * MINUTE_MS).toISOString()
      return `#EXT-X-PROGRAM-DATE-TIME:${instant.slice(0, -'00.000Z'.length)}`
    })
    this.partUriOf = ({ epoch, mediaSequence, partIndex, extension }) =>
      `${uriStart}p${epoch}-${mediaSequence}-${partIndex}.${extension}${uriEnd}`
    this.uriOf = (index, extension) => `${uriStart}${index}.${extension}${uriEnd}`
  }

  discontinuity(): void {
    this.text.piece(discontinuityTag)
  }

  /** EXT-X-KEY of a key that lies beside the segments. @param iv 32 hexadecimal digits. */
  key(index: number, iv: string): void {
    const uri = this.uriOf(index, 'key')
    this.text.piece(ascii(`#EXT-X-KEY:METHOD=SAMPLE-AES,URI="${uri}",IV=0x${iv}\n`))
  }

  /** What follows is in the clear. */
  noKey(): void {
    this.text.piece(noKeyTag)
  }

  /** EXT-X-MAP. */
  map(index: number, extension: string): void {
    this.text.piece(ascii(`#EXT-X-MAP:URI="${this.uriOf(index, extension)}"\n`))
  }

  /** EXT-X-PROGRAM-DATE-TIME of an instant in unix ms. */
  programDateTime(ms: number): void {
    const wholeMs = Math.trunc(ms)
    const minute = Math.floor(wholeMs / MINUTE_MS)
    const restMs = wholeMs - minute * MINUTE_MS
    const second = Math.floor(restMs / 1000)
    this.text.piece(this.minutes.get(minute))
    this.text.number(second, 2)
    this.text.byte(DOT)
    this.text.number(restMs - second * 1000, 3)
    this.text.byte(UTC)
    this.text.byte(NEWLINE)
  }

  /** EXTINF and the URI line. @param range stands behind the index, where only a part of the file is meant. */
  segment(durationSec: number, index: number, extension: string, range = ''): void {
    this.text.piece(this.lengths.get(durationSec))
    this.text.number(index)
    if (range !== '') this.text.piece(ascii(range))
    this.text.piece(this.ends.get(extension))
  }

  /** EXT-X-GAP: the next segment is not there. */
  missing(): void {
    this.text.piece(missingTag)
  }

  /** EXT-X-PART. */
  part(part: PartUri & { readonly durationSec: number; readonly independent: boolean }): void {
    const independent = part.independent ? ',INDEPENDENT=YES' : ''
    const duration = decimalSec(part.durationSec)
    const uri = this.partUriOf(part)
    this.text.piece(ascii(`#EXT-X-PART:DURATION=${duration},URI="${uri}"${independent}\n`))
  }

  /** EXT-X-PRELOAD-HINT: the part that comes next. */
  preloadHint(part: PartUri): void {
    this.text.piece(ascii(`#EXT-X-PRELOAD-HINT:TYPE=PART,URI="${this.partUriOf(part)}"\n`))
  }

  /** A gap as EXT-X-DATERANGE, so that a player can show where and why footage is missing. */
  gap(gap: {
    readonly index: number
    readonly startMs: number
    readonly durationSec: number
    readonly cause: GapCause
  }): void {
    const start = new Date(gap.startMs).toISOString()
    this.text.piece(
      ascii(
        `#EXT-X-DATERANGE:ID="gap-${gap.index}",CLASS="vsr.gap",START-DATE="${start}",` +
          `DURATION=${decimalSec(gap.durationSec)},X-CAUSE="${gap.cause}"\n`,
      ),
    )
  }

  /** What was written since the last time. */
  take(): Buffer {
    return this.text.take()
  }
}

/** Makes each piece once; the last one is at hand without a look-up. */
class Pieces<K extends string | number> {
  private readonly make: (key: K) => string
  private readonly known = new Map<K, Buffer>()
  private lastKey: K | undefined = undefined
  private lastPiece: Buffer = ascii('')

  constructor(make: (key: K) => string) {
    this.make = make
  }

  get(key: K): Buffer {
    if (this.lastKey === key) return this.lastPiece
    const piece = this.known.get(key) ?? this.add(key)
    this.lastKey = key
    this.lastPiece = piece
    return piece
  }

  private add(key: K): Buffer {
    if (this.known.size >= MOST_PIECES) this.known.clear()
    const piece = ascii(this.make(key))
    this.known.set(key, piece)
    return piece
  }
}

/** Microseconds, since a constant rounding error adds up over days. */
function decimalSec(sec: number): string {
  return String(Math.round(Math.max(0, sec) * 1e6) / 1e6)
}
