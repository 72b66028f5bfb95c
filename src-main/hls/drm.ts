import { VsrError } from '../../src-preload/contract/errors'
import { isOpenKey, isOpenSampleAes } from './parse/key-tag'
import type { MediaPlaylist, MediaSegment, Playlist, SegmentKey } from './playlist'

/** KEYFORMAT in lower case -> the system's name; the numbers are those of the DASH-IF's list of content protection systems. */
const systems: ReadonlyMap<string, string> = new Map([
  ['com.apple.streamingkeydelivery', 'FairPlay'],
  ['urn:uuid:94ce86fb-07ff-4f43-adb8-93d2fa968ca2', 'FairPlay'],
  ['urn:uuid:edef8ba9-79d6-4ace-a3c8-27dcd51d21ed', 'Widevine'],
  ['com.widevine', 'Widevine'],
  ['com.microsoft.playready', 'PlayReady'],
  ['urn:uuid:9a04f079-9840-4286-ab92-e65be0885f95', 'PlayReady'],
  ['org.w3.clearkey', 'ClearKey'],
  ['urn:uuid:e2719d58-a985-b3c9-781a-b030af78d30e', 'ClearKey'],
  ['urn:uuid:f239e769-efa3-4850-9c16-a903c6932efb', 'Adobe Primetime'],
  ['urn:uuid:5e629af5-38da-4063-8977-97ffbd9902d4', 'Marlin'],
])

function drmOf(key: SegmentKey): string | undefined {
  if (key.uri.toLowerCase().startsWith('skd:')) return 'FairPlay'
  const keyFormat = (key.keyFormat ?? 'identity').toLowerCase()
  return keyFormat === 'identity' ? undefined : (systems.get(keyFormat) ?? 'DRM')
}

type Keyed = Pick<MediaSegment, 'key' | 'initSection'>

const keysOfSegment = ({ key, initSection }: Keyed): readonly SegmentKey[] =>
  [key, initSection?.key].filter((used) => used !== undefined)

/** The keys that count: those in force on segments; of a multivariant playlist its session keys, unless one of them is enough for VSR. */
function keysOf(playlist: Playlist): readonly SegmentKey[] {
  if (playlist.kind === 'multivariant') {
    return playlist.sessionKeys.some(isOpenKey) ? [] : playlist.sessionKeys
  }
  return [...new Set(playlist.segments.flatMap(keysOfSegment))]
}

/** Names the DRM system (`Widevine`, `FairPlay`, `PlayReady` …, else `DRM`) that protects a playlist; undefined where there is none. */
export function findDrm(playlist: Playlist): string | undefined {
  for (const key of keysOf(playlist)) {
    const drm = drmOf(key)
    if (drm !== undefined) return drm
  }
  return undefined
}

function drmProtected(drm: string): VsrError {
  const system = drm === 'DRM' ? 'a copy protection (DRM)' : `${drm} (DRM)`
  return new VsrError(
    'drm_protected',
    `This stream is protected with ${system} and cannot be recorded.`,
  )
}

function refusalOfKeys(keys: readonly SegmentKey[]): VsrError | undefined {
  const drm = keys.map(drmOf).find((name) => name !== undefined)
  if (drm !== undefined) return drmProtected(drm)
  const unknown = keys.find((key) => !isOpenKey(key))
  return unknown === undefined
    ? undefined
    : new VsrError(
        'unsupported_encryption',
        `This stream is encrypted with ${unknown.method.slice(0, 40)}, which VSR cannot decrypt.`,
      )
}

/** SAMPLE-AES in packed MP3: what would be encrypted of it is written down nowhere, so nothing could decrypt it. */
export function sampleAesNotDecryptable(): VsrError {
  return new VsrError(
    'unsupported_encryption',
    'This stream encrypts its samples (SAMPLE-AES) in a format that VSR cannot decrypt.',
    {
      hint: 'SAMPLE-AES with an open key is recorded from MPEG-TS, fragmented MP4 and packed AAC or AC-3.',
    },
  )
}

/** Why a segment cannot be recorded: `drm_protected` or `unsupported_encryption`; undefined where it can. */
export const refusalOf = (segment: Keyed): VsrError | undefined =>
  refusalOfKeys(keysOfSegment(segment))

/** True where VSR's player can show nothing of a playlist although it can be recorded and exported (SAMPLE-AES in fragmented MP4). */
export const isForExportOnly = (playlist: MediaPlaylist): boolean =>
  playlist.segments.length > 0 &&
  playlist.segments.every(
    // An initialization section is that of fragmented MP4.
    ({ key, initSection }) =>
      key !== undefined && initSection !== undefined && isOpenSampleAes(key),
  )

/** @throws VsrError `drm_protected`, `unsupported_encryption` where the segments could be stored but never decrypted. */
export function assertRecordable(playlist: Playlist): void {
  const refusal = refusalOfKeys(keysOf(playlist))
  if (refusal !== undefined) throw refusal
}
