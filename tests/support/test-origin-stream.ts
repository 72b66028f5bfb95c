import {
  encryptBody,
  encryptInit,
  type Encrypted,
  initKeyTagOf,
  keyTagOf,
  type OriginEncryption,
  originKey,
} from './origin-encryption'

/** A piece of media that the origin hands out again and again, as the next segment of the stream. */
interface OriginMedia {
  readonly durationSec: number
  readonly body: Uint8Array
}

export interface LiveStreamOptions {
  /** First part of every path: `/<name>/index.m3u8`. `live` unless told. */
  readonly name?: string
  readonly media: readonly OriginMedia[]
  readonly initSection?: Uint8Array
  /** Segments listed at once, 5 unless told. */
  readonly windowSize?: number
  readonly firstMediaSequence?: number
  /** EXT-X-PROGRAM-DATE-TIME of the first segment, unix ms; absent = the playlist tells no time. */
  readonly programDateTimeMs?: number
  /** Short for AES-128 with a new key after every so many segments. */
  readonly rotateKeyEvery?: number
  /** In the clear unless told. */
  readonly encryption?: OriginEncryption
}

/** One live playlist whose window moves only when the test says so. */
export interface LiveStream {
  readonly name: string
  /** Path of the media playlist. */
  readonly path: string
  /** Media sequence number of the next segment to appear. */
  readonly nextMediaSequence: number
  /** So many new segments appear; old ones leave the window. */
  advance(count?: number): void
  /** The source restarts: an empty window, numbering from `mediaSequence`. */
  reset(mediaSequence: number): void
  /** The next segment starts with EXT-X-DISCONTINUITY. */
  breakNext(): void
  /** The next segment is listed with EXT-X-GAP and answers 404. */
  gapNext(): void
  /** These tags stand before the next segment, and are listed as long as it is: date ranges, cues. */
  tagNext(...lines: readonly string[]): void
  /** Another initialization section from the next segment on (F21). */
  changeInit(initSection: Uint8Array): void
  /** From the next segment on; undefined = in the clear. */
  encrypt(encryption: OriginEncryption | undefined): void
  /** The same text is served whatever happens, until `thaw()` (F01, F04). */
  freeze(): void
  thaw(): void
  /** EXT-X-ENDLIST from now on; `reset()` starts anew. */
  end(): void
  /** The playlist as it is served now. */
  playlist(): string
  /** What lies at a path of this stream, segments that have left the window included. */
  resource(path: string): StreamResource | undefined
}

export interface StreamResource {
  readonly kind: 'playlist' | 'segment' | 'init' | 'key' | 'other'
  readonly contentType: string
  readonly body: Uint8Array
  /** Only of segments. */
  readonly mediaSequence?: number
}

interface Entry extends Encrypted {
  readonly discontinuity: boolean
  readonly gap: boolean
  readonly tags: readonly string[]
  readonly media: OriginMedia
  readonly startMs: number
  readonly initIndex: number
  readonly run: number
}

export function createLiveStream(options: LiveStreamOptions): LiveStream {
  const { name = 'live', media, windowSize = 5, rotateKeyEvery } = options
  const extension = options.initSection === undefined ? 'ts' : 'm4s'
  const inits = options.initSection === undefined ? [] : [options.initSection]
  const published = new Map<string, Entry>()
  let window: Entry[] = []
  let nextMediaSequence = options.firstMediaSequence ?? 0
  let produced = 0
  let clockMs = options.programDateTimeMs ?? 0
  let discontinuitySequence = 0
  let breakPending = false
  let gapPending = false
  let tagsPending: readonly string[] = []
  let encryption: OriginEncryption | undefined =
    options.encryption ??
    (rotateKeyEvery === undefined ? undefined : { method: 'AES-128', rotateKeyEvery })
  let frozenText: string | undefined
  let ended = false
  /** Numbers may come back after a reset: the run keeps the paths apart. */
  let run = 0

  const segmentName = (entry: Entry) => `${entry.run}-${entry.mediaSequence}.${extension}`

  const append = () => {
    const item = media[produced % media.length]
    if (item === undefined) throw new Error('a live stream needs media')
    // The media's timestamps start again with each round.
    const newRound = produced > 0 && produced % media.length === 0
    const entry: Entry = {
      mediaSequence: nextMediaSequence,
      discontinuity: breakPending || newRound,
      gap: gapPending,
      tags: tagsPending,
      media: item,
      startMs: clockMs,
      initIndex: inits.length - 1,
      encryption,
      keyIndex: keyIndexOf(encryption, produced),
      run,
    }
    breakPending = false
    gapPending = false
    tagsPending = []
    produced += 1
    nextMediaSequence += 1
    clockMs += item.durationSec * 1000
    window.push(entry)
    published.set(segmentName(entry), entry)
    while (window.length > windowSize) {
      if (window.shift()?.discontinuity) discontinuitySequence += 1
    }
  }

  const entryLines = (entry: Entry, previous: Entry | undefined): string[] => {
    const lines: string[] = []
    if (entry.discontinuity) lines.push('#EXT-X-DISCONTINUITY')
    const newInit = entry.initIndex >= 0 && entry.initIndex !== previous?.initIndex
    let keyTag = previous === undefined ? keyTagOf(inTheClear) : keyTagOf(previous)
    if (newInit) {
      const initKeyTag = initKeyTagOf(entry)
      if (initKeyTag !== keyTag) lines.push(initKeyTag)
      lines.push(`#EXT-X-MAP:URI="init-${entry.initIndex}.mp4"`)
      keyTag = initKeyTag
    }
    if (keyTagOf(entry) !== keyTag) lines.push(keyTagOf(entry))
    if (options.programDateTimeMs !== undefined) {
      lines.push(`#EXT-X-PROGRAM-DATE-TIME:${new Date(entry.startMs).toISOString()}`)
    }
    lines.push(...entry.tags)
    if (entry.gap) lines.push('#EXT-X-GAP')
    lines.push(`#EXTINF:${entry.media.durationSec.toFixed(3)},`, segmentName(entry))
    return lines
  }

  const render = (): string => {
    const longestSec = Math.max(...media.map((item) => item.durationSec))
    return [
      '#EXTM3U',
      '#EXT-X-VERSION:8',
      `#EXT-X-TARGETDURATION:${Math.max(1, Math.round(longestSec))}`,
      `#EXT-X-MEDIA-SEQUENCE:${window[0]?.mediaSequence ?? nextMediaSequence}`,
      `#EXT-X-DISCONTINUITY-SEQUENCE:${discontinuitySequence}`,
      ...window.flatMap((entry, at) => entryLines(entry, window[at - 1])),
      ...(ended ? ['#EXT-X-ENDLIST'] : []),
      '',
    ].join('\n')
  }
  const playlist = () => frozenText ?? render()

  const resource = (path: string): StreamResource | undefined => {
    if (!path.startsWith(`/${name}/`)) return undefined
    const file = path.slice(name.length + 2)
    if (file === 'index.m3u8') {
      const contentType = 'application/vnd.apple.mpegurl'
      return { kind: 'playlist', contentType, body: Buffer.from(playlist()) }
    }
    const [, kind, index] = /^(init|key)-(\d+)\./.exec(file) ?? []
    if (kind === 'key') {
      const body = originKey(Number(index))
      return { kind: 'key', contentType: 'application/octet-stream', body }
    }
    const init = kind === 'init' ? inits[Number(index)] : undefined
    if (init !== undefined) {
      const user = [...published.values()].find(({ initIndex }) => initIndex === Number(index))
      return { kind: 'init', contentType: 'video/mp4', body: encryptInit(user?.encryption, init) }
    }
    const entry = published.get(file)
    if (entry === undefined || entry.gap) return undefined
    return {
      kind: 'segment',
      contentType: extension === 'ts' ? 'video/mp2t' : 'video/mp4',
      body: encryptBody(entry, entry.media.body, inits[entry.initIndex]),
      mediaSequence: entry.mediaSequence,
    }
  }

  return {
    name,
    path: `/${name}/index.m3u8`,
    get nextMediaSequence() {
      return nextMediaSequence
    },
    advance: (count = 1) => {
      for (let done = 0; done < count; done += 1) append()
    },
    reset: (mediaSequence) => {
      window = []
      discontinuitySequence = 0
      nextMediaSequence = mediaSequence
      ended = false
      run += 1
    },
    breakNext: () => {
      breakPending = true
    },
    gapNext: () => {
      gapPending = true
    },
    tagNext: (...lines) => {
      tagsPending = [...tagsPending, ...lines]
    },
    changeInit: (initSection) => {
      inits.push(initSection)
      breakPending = true
    },
    encrypt: (next) => {
      encryption = next
    },
    freeze: () => {
      frozenText = render()
    },
    thaw: () => {
      frozenText = undefined
    },
    end: () => {
      ended = true
    },
    playlist,
    resource,
  }
}

const inTheClear: Encrypted = { encryption: undefined, mediaSequence: 0, keyIndex: 0 }

function keyIndexOf(encryption: OriginEncryption | undefined, produced: number): number {
  const every =
    encryption !== undefined && 'rotateKeyEvery' in encryption
      ? encryption.rotateKeyEvery
      : undefined
  return every === undefined ? 0 : Math.floor(produced / every)
}
