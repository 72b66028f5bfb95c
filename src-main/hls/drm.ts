import { VsrError } from '../../src-preload/contract/errors'
import { isPlainAes128 } from './key-tag'
import type { Playlist, SegmentKey } from './playlist'

/** KEYFORMAT in lower case -> the system's name. */
const systems: ReadonlyMap<string, string> = new Map([
  ['com.apple.streamingkeydelivery', 'FairPlay'],
  ['urn:uuid:94ce86fb-07ff-4f43-adb8-93d2fa968ca2', 'FairPlay'],
  ['urn:uuid:edef8ba9-79d6-4ace-a3c8-27dcd51d21ed', 'Widevine'],
  ['com.widevine', 'Widevine'],
  ['com.microsoft.playready', 'PlayReady'],
  ['urn:uuid:9a04f079-9840-4286-ab92-e65be0885f95', 'PlayReady'],
])

function drmOf(key: SegmentKey): string | undefined {
  if (key.uri.toLowerCase().startsWith('skd:')) return 'FairPlay'
  const keyFormat = (key.keyFormat ?? 'identity').toLowerCase()
  return keyFormat === 'identity' ? undefined : (systems.get(keyFormat) ?? 'DRM')
}

/** The keys that count: those in force on segments; of a multivariant playlist its session keys, unless one of them is enough for VSR. */
function keysOf(playlist: Playlist): readonly SegmentKey[] {
  if (playlist.kind === 'multivariant') {
    return playlist.sessionKeys.some(isPlainAes128) ? [] : playlist.sessionKeys
  }
  const keys = new Set<SegmentKey>()
  for (const segment of playlist.segments) {
    if (segment.key !== undefined) keys.add(segment.key)
    if (segment.initSection?.key !== undefined) keys.add(segment.initSection.key)
  }
  return [...keys]
}

/** Names the DRM system (`Widevine`, `FairPlay`, `PlayReady`, else `DRM`) that protects a playlist; undefined where there is none. */
export function findDrm(playlist: Playlist): string | undefined {
  for (const key of keysOf(playlist)) {
    const drm = drmOf(key)
    if (drm !== undefined) return drm
  }
  return undefined
}

/** @throws VsrError `drm_protected`, `unsupported_encryption` where the segments could be stored but never played. */
export function assertRecordable(playlist: Playlist): void {
  const drm = findDrm(playlist)
  if (drm !== undefined) {
    const system = drm === 'DRM' ? 'a copy protection (DRM)' : `${drm} (DRM)`
    throw new VsrError(
      'drm_protected',
      `This stream is protected with ${system} and cannot be recorded.`,
    )
  }
  const unsupported = keysOf(playlist).find((key) => !isPlainAes128(key))
  if (unsupported !== undefined) {
    throw new VsrError(
      'unsupported_encryption',
      `This stream is encrypted with ${unsupported.method.slice(0, 40)}, which VSR cannot decrypt.`,
    )
  }
}
