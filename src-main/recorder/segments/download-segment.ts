import { crc32 } from 'node:zlib'
import { VsrError } from '../../../src-preload/contract/errors'
import { collectBody } from '../../fetch/collect-body'
import { decryptAes128, ivOf } from '../../fetch/decrypt'
import type { BodySink, HttpClient } from '../../fetch/http'
import type { KeyCache } from '../../fetch/key-cache'
import { sampleAesNotDecryptable } from '../../hls/drm'
import { isOpenSampleAes } from '../../hls/parse/key-tag'
import type { InitSection, MediaSegment, SegmentKey } from '../../hls/playlist'
import type { Logger } from '../../ports/logger'
import type { MediaExtension, TrackStore } from '../../store/model'
import { createFramingCheck } from '../framing/media-framing'
import { openMediaSink, type WrittenMedia } from './media-sink'
import { measuredStream, type Throughput } from '../source/throughput'
import { readTrackClocks, type TrackClocks } from '../../media/track-clocks'

/** What a request to the source needs beside its URL. */
export interface RequestBase {
  /** Sent to this origin only (SECURITY S15). */
  readonly origin: string
  readonly headers: Readonly<Record<string, string>>
  readonly allowPrivateNetwork: boolean
  /** See `HttpRequest`. */
  readonly silentAtMostMs?: number | undefined
  readonly signal: AbortSignal
}

/** A media initialization section, known by what it holds: tokens change its URL, not its bytes. */
export interface FetchedInit {
  readonly content: Uint8Array
  readonly checksum: number
  readonly extension: MediaExtension
  readonly clocks: TrackClocks
}

/** The source's headers where the URL is of its own origin, else none. */
function headersFor(url: string, base: RequestBase): Readonly<Record<string, string>> {
  return URL.canParse(url) && new URL(url).origin === base.origin ? base.headers : {}
}

/** What a request for this URL is sent with. */
export function requestFor(url: string, base: RequestBase) {
  const { allowPrivateNetwork, silentAtMostMs, signal } = base
  return { url, headers: headersFor(url, base), allowPrivateNetwork, silentAtMostMs, signal }
}

/** The key that a segment's samples stay encrypted with (SAMPLE-AES). */
export interface FetchedKey {
  readonly secret: Uint8Array
  readonly checksum: number
  /** 32 hexadecimal digits; absent = the media sequence number. */
  readonly iv?: string
}

/** What is done about a body's encryption while it comes in. */
interface Decrypter {
  /** Puts what takes the encryption off before a sink. */
  readonly into: <T>(sink: BodySink<T>) => BodySink<T>
  /** To be kept beside the segment, which stays as it is. */
  readonly key?: FetchedKey
  /** Told why what was decrypted is of no use: perhaps another key stands behind the same URI by now. */
  readonly suspect?: (error: unknown) => void
}

const asItIs: Decrypter['into'] = (sink) => sink

function keptKey({ iv }: SegmentKey, secret: Uint8Array): FetchedKey {
  const digits = iv === undefined ? {} : { iv: Buffer.from(iv).toString('hex') }
  return { secret, checksum: crc32(secret), ...digits }
}

/** Formats in which exports can take SAMPLE-AES off again. */
const canUnseal = (extension: MediaExtension) => ['ts', 'm4s', 'aac', 'ac3'].includes(extension)

/** Gets the key first, since a body must not wait for it. */
async function decrypterFor(options: {
  key: SegmentKey | undefined
  mediaSequence: number
  epoch: number
  keys: KeyCache
  base: RequestBase
}): Promise<Decrypter> {
  const { key, mediaSequence, epoch, keys, base } = options
  if (key === undefined) return { into: asItIs }
  const { url: _url, ...request } = requestFor(key.uri, base)
  const secret = await keys.get(key, { ...request, epoch })
  if (isOpenSampleAes(key)) return { into: asItIs, key: keptKey(key, secret) }
  return {
    into: (sink) => decryptAes128(sink, secret, ivOf(key, mediaSequence)),
    suspect(error) {
      if (error instanceof VsrError && error.code === 'not_media') keys.forget(secret)
    },
  }
}

/**
 * One attempt to fetch a segment into a temporary file of the track: request, AES-128, framing check. SAMPLE-AES stays
 * on, and its key comes along.
 * The caller commits or discards the file.
 *
 * @throws VsrError of the HTTP client, the key cache, the framing check (`not_media`, `truncated`) or the store;
 * `unsupported_encryption` where samples are encrypted in a format that exports cannot decrypt.
 */
export async function downloadSegment(options: {
  segment: MediaSegment
  epoch: number
  base: RequestBase
  http: HttpClient
  keys: KeyCache
  throughput: Throughput
  track: TrackStore
  logger: Logger
  onFirstByte: () => void
}): Promise<WrittenMedia & { readonly key?: FetchedKey }> {
  const { segment, epoch, base, http, keys, throughput, track, logger, onFirstByte } = options
  const { mediaSequence } = segment
  const decryption = { key: segment.key, mediaSequence, epoch, keys, base }
  const { into, key, suspect } = await decrypterFor(decryption)
  const { url, headers, allowPrivateNetwork, silentAtMostMs, signal } = requestFor(
    segment.uri,
    base,
  )
  const request = {
    url,
    kind: 'segment' as const,
    headers,
    byteRange: segment.byteRange,
    silentAtMostMs,
    allowPrivateNetwork,
    signal,
  }
  const media = await openMediaSink({ track, logger })
  try {
    const written = await measuredStream({
      http,
      request,
      sink: into(media),
      throughput,
      onFirstByte,
    })
    if (key === undefined) return written
    if (!canUnseal(written.extension)) throw sampleAesNotDecryptable()
    return { ...written, key }
  } catch (error) {
    suspect?.(error)
    await media.discard()
    throw error
  }
}

/**
 * Writes a segment out of its parts into a temporary file of the track, with the same framing check.
 *
 * @throws VsrError of the framing check (`not_media`, `truncated`) or the store.
 */
export async function joinSegment(options: {
  parts: readonly Uint8Array[]
  track: TrackStore
  logger: Logger
}): Promise<WrittenMedia> {
  const media = await openMediaSink(options)
  try {
    for (const part of options.parts) await media.write(part)
    return await media.end()
  } catch (error) {
    await media.discard()
    throw error
  }
}

/**
 * One attempt to fetch a media initialization section.
 *
 * @param options.mediaSequence of the segment that needs it: gives the IV where the key names none.
 * @throws as {@link downloadSegment}.
 */
export async function downloadInit(options: {
  initSection: InitSection
  mediaSequence: number
  epoch: number
  base: RequestBase
  http: HttpClient
  keys: KeyCache
}): Promise<FetchedInit> {
  const { initSection, base, http } = options
  const { uri, byteRange, key } = initSection
  const { into, suspect } = await decrypterFor({ ...options, key })
  const check = createFramingCheck({ expect: 'init' })
  const whole = collectBody()
  const sink: BodySink<FetchedInit> = {
    write(chunk) {
      check.push(chunk)
      return whole.write(chunk)
    },
    async end() {
      const extension = check.finish()
      const content = await whole.end()
      return { content, checksum: crc32(content), extension, clocks: readTrackClocks(content) }
    },
  }
  const range = byteRange === undefined ? {} : { byteRange }
  try {
    return await http.stream({ ...requestFor(uri, base), kind: 'init', ...range }, into(sink))
  } catch (error) {
    suspect?.(error)
    throw error
  }
}
