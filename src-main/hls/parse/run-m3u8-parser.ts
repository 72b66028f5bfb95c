import { type Manifest, Parser } from 'm3u8-parser'
import { unreadable } from './playlist-error'

/** What the parser knows and its types do not. */
type FullManifest = Manifest & {
  readonly iFramesOnly?: boolean
  readonly contentSteering?: Readonly<Record<string, unknown>>
}

/** What VSR takes from m3u8-parser. Numbers and URIs are as the playlist has them: whoever reads on bounds them. */
export interface ParsedManifest {
  readonly segmentUris: readonly string[]
  /** Absent in a media playlist. */
  readonly variants: NonNullable<Manifest['playlists']> | undefined
  readonly iFrameStreams: Manifest['iFramePlaylists']
  /** Keys in camel case, as of the two below. */
  readonly contentSteering: Readonly<Record<string, unknown>> | undefined
  readonly serverControl: Readonly<Record<string, unknown>> | undefined
  readonly skip: Readonly<Record<string, unknown>> | undefined
  readonly targetDurationSec: number | undefined
  readonly partTargetSec: number | undefined
  readonly startOffsetSec: unknown
  readonly endList: boolean
  readonly iFramesOnly: boolean
  readonly playlistType: 'EVENT' | 'VOD' | undefined
}

/** Runs m3u8-parser. Only ever in a worker thread, on lines that `splitPlaylistLines` let through. */
export function runM3u8Parser(lines: string): ParsedManifest {
  const parser = new Parser()
  try {
    parser.push(`${lines}\n`)
    parser.end()
  } catch (cause) {
    throw unreadable('it breaks the rules of HLS', cause)
  }
  const manifest: FullManifest = parser.manifest
  const { playlistType } = manifest
  return {
    segmentUris: manifest.segments.map((segment) => segment.uri),
    variants: manifest.playlists,
    iFrameStreams: manifest.iFramePlaylists,
    contentSteering: manifest.contentSteering,
    serverControl: manifest.serverControl,
    skip: manifest.skip,
    targetDurationSec: manifest.targetDuration,
    partTargetSec: manifest.partTargetDuration,
    startOffsetSec: manifest.start?.timeOffset,
    endList: manifest.endList === true,
    iFramesOnly: manifest.iFramesOnly === true,
    playlistType: playlistType === 'EVENT' || playlistType === 'VOD' ? playlistType : undefined,
  }
}
