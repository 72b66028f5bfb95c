import type { FileRow, MediaExtension } from '../store/model'

export const PLAYLIST_TYPE = 'application/vnd.apple.mpegurl'

/** What the name of a served file can end with. */
type ServedExtension = MediaExtension | 'key'

const types: Record<ServedExtension, string> = {
  ts: 'video/mp2t',
  m4s: 'video/mp4',
  mp4: 'video/mp4',
  aac: 'audio/aac',
  mp3: 'audio/mpeg',
  ac3: 'audio/ac3',
  vtt: 'text/vtt; charset=utf-8',
  key: 'application/octet-stream',
}

export function extensionOf(row: FileRow): ServedExtension {
  return row.kind === 'key' ? 'key' : row.extension
}

/** The Content-Type of a stored file. */
export function mediaTypeOf(extension: ServedExtension): string {
  return types[extension]
}
