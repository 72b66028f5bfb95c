import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { parsePlaylist } from '../../src-main/hls/parse/parse-playlist'
import type {
  Definitions,
  MediaPlaylist,
  MultivariantPlaylist,
  Playlist,
} from '../../src-main/hls/playlist'

const dir = path.resolve('tests/fixtures/hls')

/** Where the fixtures are said to come from. */
export const FIXTURE_URL = 'https://live.example.com/ch1/index.m3u8?session=42'

/** The names of all playlists in tests/fixtures/hls. */
export const hlsFixtures: readonly string[] = readdirSync(dir).toSorted()

/** The text of one of them. */
export const readHlsFixture = (name: string): string => readFileSync(path.join(dir, name), 'utf8')

const parse = (name: string, definitions?: Definitions): Playlist =>
  parsePlaylist(readHlsFixture(name), FIXTURE_URL, definitions)

/** @param definitions of the multivariant playlist that it is said to belong to. */
export function mediaFixture(name: string, definitions?: Definitions): MediaPlaylist {
  const playlist = parse(name, definitions)
  if (playlist.kind !== 'media') throw new Error(`${name} is no media playlist`)
  return playlist
}

export function multivariantFixture(name: string): MultivariantPlaylist {
  const playlist = parse(name)
  if (playlist.kind !== 'multivariant') throw new Error(`${name} is no multivariant playlist`)
  return playlist
}
