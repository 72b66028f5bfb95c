import type { Definitions, Playlist } from './playlist'

/** Turns playlist text into values, in a worker thread: a hostile list can neither block nor poison this one (SECURITY S21, S22). */
export interface PlaylistParser {
  /**
   * @param url the playlist's own URL after redirects; URIs inside resolve against it.
   * @param definitions of the multivariant playlist that referred to this one: its variables may be imported.
   * @throws VsrError `not_a_playlist`, `playlist_too_large`, `playlist_unreadable`.
   */
  parse(text: string, url: string, definitions?: Definitions): Promise<Playlist>
  /** Ends the worker. Idempotent. */
  close(): Promise<void>
}
