import { type Manifest, Parser } from 'm3u8-parser'
import { unreadable } from './playlist-error'

/** What VSR takes from m3u8-parser. */
export interface ParsedManifest {
  readonly segmentUris: readonly string[]
  /** Absent in a media playlist. */
  readonly variants: NonNullable<Manifest['playlists']> | undefined
  readonly targetDurationSec: number | undefined
  readonly endList: boolean
  readonly playlistType: 'EVENT' | 'VOD' | undefined
  /** Replaces `{$name}` by what EXT-X-DEFINE says. */
  substitute(text: string): string
}

/** Runs m3u8-parser. Only ever in a worker thread, on lines that `splitPlaylistLines` let through. */
export function runM3u8Parser(lines: string, url: string): ParsedManifest {
  const parser = new Parser({ uri: url })
  let problem: string | undefined
  parser.on('error', (event) => {
    problem ??= event.message
  })
  try {
    parser.push(`${lines}\n`)
    parser.end()
  } catch (cause) {
    throw unreadable('it breaks the rules of HLS', cause)
  }
  if (problem !== undefined) throw unreadable('it uses variables that it does not define')

  const { manifest } = parser
  const definitions = new Map(
    Object.entries(manifest.definitions ?? {}).map(([k, v]) => [k, String(v)]),
  )
  const { playlistType } = manifest
  return {
    segmentUris: manifest.segments.map((segment) => segment.uri),
    variants: manifest.playlists,
    targetDurationSec: manifest.targetDuration,
    endList: manifest.endList === true,
    playlistType: playlistType === 'EVENT' || playlistType === 'VOD' ? playlistType : undefined,
    substitute: (text) =>
      definitions.size === 0
        ? text
        : text.replace(/\{\$([\w-]+)\}/g, (whole, name: string) => definitions.get(name) ?? whole),
  }
}
