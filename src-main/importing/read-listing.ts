import { VsrError } from '../../src-preload/contract/errors'
import type { HttpClient } from '../fetch/http'
import type { PlaylistParser } from '../hls/parser'
import type { MediaPlaylist, MultivariantPlaylist, Playlist } from '../hls/playlist'
import { fileInFolder } from './folder-client'
import { urlOfName } from './folder-path'

/** What a playlist in a folder promises. */
export interface FolderListing {
  readonly playlistUrl: string
  /** Of its longest list. */
  readonly durationSec: number
  /** The source told the time (EXT-X-PROGRAM-DATE-TIME). */
  readonly isDated: boolean
  /** When the first file that is there was written, unix ms. */
  readonly writtenMs: number
  /** What of it a recording does not take over, in words. */
  readonly notTaken: readonly string[]
}

/** More lists than any source has. */
const MOST_LISTS = 200

/**
 * Reads a playlist and all that it leads to, and sees whether everything lies in the folder, before anything is imported.
 * @throws VsrError `address_refused`, `key_unavailable`, `no_footage`, and as the parser does.
 */
export async function readListing(options: {
  readonly root: string
  readonly name: string
  readonly http: HttpClient
  readonly parser: PlaylistParser
  readonly signal: AbortSignal
}): Promise<FolderListing> {
  const { root, name, http, parser, signal } = options
  const load = async (url: string, main?: MultivariantPlaylist): Promise<Playlist> => {
    const request = { url, kind: 'playlist' as const, allowPrivateNetwork: false, signal }
    return await parser.parse((await http.text(request)).text, url, main?.definitions)
  }
  const playlistUrl = urlOfName(name)
  const main = await load(playlistUrl)
  const lists = main.kind === 'media' ? [main] : await loadAll(main, load)
  let writtenMs: number | undefined
  for (const list of lists) {
    const atMs = await checkList(root, list)
    writtenMs ??= atMs
  }
  if (writtenMs === undefined) {
    throw new VsrError('no_footage', 'None of the segments that the playlist lists is there.')
  }
  return {
    playlistUrl,
    writtenMs,
    durationSec: Math.max(...lists.map(lengthSec)),
    isDated: lists.some((list) => list.segments[0]?.programDateTimeMs !== undefined),
    notTaken: main.kind === 'media' ? [] : otherQualities(main),
  }
}

const lengthSec = ({ segments }: MediaPlaylist): number =>
  segments.reduce((sum, { durationSec }) => sum + durationSec, 0)

async function loadAll(
  main: MultivariantPlaylist,
  load: (url: string, main: MultivariantPlaylist) => Promise<Playlist>,
): Promise<readonly MediaPlaylist[]> {
  const uris = [...main.variants, ...main.renditions].map(({ uri }) => uri)
  const urls = [...new Set(uris.filter((uri) => uri !== undefined))]
  if (urls.length > MOST_LISTS) {
    throw new VsrError(
      'playlist_too_large',
      `The playlist leads to more than ${MOST_LISTS} others.`,
    )
  }
  const lists: MediaPlaylist[] = []
  for (const url of urls) {
    const list = await load(url, main)
    if (list.kind !== 'media') {
      throw new VsrError('playlist_unreadable', 'A multivariant playlist leads to another one.')
    }
    lists.push(list)
  }
  return lists
}

function otherQualities({ variants }: MultivariantPlaylist): readonly string[] {
  const others = new Set(variants.map(({ uri }) => uri)).size - 1
  return others > 0 ? [others === 1 ? 'one other quality' : `${others} other qualities`] : []
}

/** @returns when the first segment that is there was written; undefined where none is. */
async function checkList(root: string, list: MediaPlaylist): Promise<number | undefined> {
  let writtenMs: number | undefined
  const checked = new Set<string>()
  for (const { uri, gap, key, initSection } of list.segments) {
    for (const used of [key, initSection?.key]) {
      // Keys of another format belong to a protection system: the recorder says so.
      const isOwn = used?.keyFormat === undefined || used.keyFormat === 'identity'
      if (used === undefined || used.method === 'NONE' || !isOwn || checked.has(used.uri)) continue
      checked.add(used.uri)
      if ((await writtenAt(root, used.uri)) === undefined) throw keyMissing()
    }
    if (initSection !== undefined) await writtenAt(root, initSection.uri)
    if (gap) continue
    const atMs = await writtenAt(root, uri)
    writtenMs ??= atMs
  }
  return writtenMs
}

/** Undefined where it is not there. @throws HttpError `address_refused` where it lies elsewhere. */
async function writtenAt(root: string, url: string): Promise<number | undefined> {
  try {
    return (await fileInFolder(root, url)).modifiedMs
  } catch (error) {
    if (error instanceof VsrError && error.code === 'segment_not_found') return undefined
    throw error
  }
}

const keyMissing = (): VsrError =>
  new VsrError('key_unavailable', 'A key that the playlist needs is not in the folder.', {
    hint: 'Without its key, nothing of an encrypted stream can be decrypted. Put the key where the playlist says.',
  })
