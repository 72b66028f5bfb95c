import type { MediaExtension } from '../store/model'

export const PLAYLIST_TYPE = 'application/vnd.apple.mpegurl'

const types: Record<MediaExtension, string> = {
  ts: 'video/mp2t',
  m4s: 'video/mp4',
  mp4: 'video/mp4',
  aac: 'audio/aac',
  mp3: 'audio/mpeg',
  ac3: 'audio/ac3',
  vtt: 'text/vtt; charset=utf-8',
}

/** The Content-Type of a stored file. */
export function mediaTypeOf(extension: MediaExtension): string {
  return types[extension]
}
