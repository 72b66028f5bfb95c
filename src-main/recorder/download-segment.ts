import { crc32 } from 'node:zlib'
import { decryptAes128, ivOf } from '../fetch/decrypt'
import type { HttpClient } from '../fetch/http'
import type { KeyCache } from '../fetch/key-cache'
import type { InitSection, MediaSegment, SegmentKey } from '../hls/playlist'
import type { Logger } from '../ports/logger'
import type { MediaExtension, TempFile, TrackStore } from '../store/model'
import { discardTemp } from './discard-temp'
import { createFramingCheck } from './media-framing'

/** What a request to the source needs beside its URL. */
export interface RequestBase {
  /** Sent to this origin only (SECURITY S15). */
  readonly origin: string
  readonly headers: Readonly<Record<string, string>>
  readonly allowPrivateNetwork: boolean
  readonly signal: AbortSignal
}

/** A media initialization section, known by what it holds: tokens change its URL, not its bytes. */
export interface FetchedInit {
  readonly content: Uint8Array
  readonly checksum: number
  readonly extension: MediaExtension
}

/** The source's headers where the URL is of its own origin, else none. */
function headersFor(url: string, base: RequestBase): Readonly<Record<string, string>> {
  return URL.canParse(url) && new URL(url).origin === base.origin ? base.headers : {}
}

/** What a request for this URL is sent with. */
export function requestFor(url: string, base: RequestBase) {
  const { allowPrivateNetwork, signal } = base
  return { url, headers: headersFor(url, base), allowPrivateNetwork, signal }
}

/** Gets the key first, since a body must not wait for it; then gives what takes the encryption off. */
async function decrypterFor(options: {
  key: SegmentKey | undefined
  mediaSequence: number
  keys: KeyCache
  base: RequestBase
}): Promise<(body: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>> {
  const { key, mediaSequence, keys, base } = options
  if (key === undefined) return (body) => body
  const { headers, allowPrivateNetwork, signal } = requestFor(key.uri, base)
  const secret = await keys.get(key, { headers, allowPrivateNetwork, signal })
  return (body) => decryptAes128(body, secret, ivOf(key, mediaSequence))
}

/**
 * One attempt to fetch a segment into a temporary file of the track: request, AES-128, framing check.
 * The caller commits or discards the file.
 *
 * @throws VsrError of the HTTP client, the key cache, the framing check (`not_media`, `truncated`) or the store.
 */
export async function downloadSegment(options: {
  segment: MediaSegment
  base: RequestBase
  http: HttpClient
  keys: KeyCache
  track: TrackStore
  logger: Logger
}): Promise<{ temp: TempFile; extension: MediaExtension }> {
  const { segment, base, http, keys, track, logger } = options
  const { uri, byteRange, key, mediaSequence } = segment
  const decrypt = await decrypterFor({ key, mediaSequence, keys, base })
  const temps: TempFile[] = []
  try {
    return await http.stream(
      {
        ...requestFor(uri, base),
        kind: 'segment',
        ...(byteRange === undefined ? {} : { byteRange }),
      },
      (body) => writeMedia({ body: decrypt(body), track, temps }),
    )
  } catch (error) {
    for (const temp of temps) await discardTemp(temp, logger)
    throw error
  }
}

/**
 * Writes a segment whose bytes are at hand (its parts) into a temporary file of the track, with the same framing check.
 *
 * @throws VsrError of the framing check (`not_media`, `truncated`) or the store.
 */
export async function writeSegment(options: {
  bodies: readonly Uint8Array[]
  track: TrackStore
  logger: Logger
}): Promise<{ temp: TempFile; extension: MediaExtension }> {
  const { bodies, track, logger } = options
  const temps: TempFile[] = []
  try {
    return await writeMedia({ body: bodies, track, temps })
  } catch (error) {
    for (const temp of temps) await discardTemp(temp, logger)
    throw error
  }
}

/** @param options.temps is given the file that was begun, for the caller to discard when this fails. */
async function writeMedia(options: {
  body: AsyncIterable<Uint8Array> | readonly Uint8Array[]
  track: TrackStore
  temps: TempFile[]
}): Promise<{ temp: TempFile; extension: MediaExtension }> {
  const { body, track, temps } = options
  const check = createFramingCheck({ expect: 'segment' })
  const file = await track.createTemp()
  temps.push(file)
  for await (const chunk of body) {
    check.push(chunk)
    await file.write(chunk)
  }
  return { temp: file, extension: check.finish() }
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
  base: RequestBase
  http: HttpClient
  keys: KeyCache
}): Promise<FetchedInit> {
  const { initSection, mediaSequence, base, http, keys } = options
  const { uri, byteRange, key } = initSection
  const decrypt = await decrypterFor({ key, mediaSequence, keys, base })
  return await http.stream(
    { ...requestFor(uri, base), kind: 'init', ...(byteRange === undefined ? {} : { byteRange }) },
    async (body) => {
      const check = createFramingCheck({ expect: 'init' })
      const parts: Uint8Array[] = []
      for await (const chunk of decrypt(body)) {
        check.push(chunk)
        parts.push(chunk)
      }
      const extension = check.finish()
      const content = Buffer.concat(parts)
      return { content, checksum: crc32(content), extension }
    },
  )
}
