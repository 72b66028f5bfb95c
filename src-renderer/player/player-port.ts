import type { ApiError } from '../../src-preload/contract/errors'
import type { PlayerPhase, PlayerStore } from './player-store'
import type { Playhead } from './playhead'
import type { TrackChoice } from './track-memory'

export interface PlayerSource {
  readonly url: string
  readonly live: boolean
  /** Sound and subtitles that were chosen in it before. */
  readonly wanted?: TrackChoice
  /** Its sound is missing: this is the picture alone. */
  readonly isAlone?: boolean
}

/** The player: hls.js on one video element, spoken to in wall-clock time. */
export interface Player {
  readonly store: PlayerStore
  readonly playhead: Playhead
  /** Takes a video element; returns the function that lets go of it. */
  attach(video: HTMLVideoElement): () => void
  open(source: PlayerSource): void
  /** Another playlist of the same recording: goes on where it is, or where it is being sought. */
  reopen(source: PlayerSource): void
  /** Takes the picture away and shows why there is none. */
  showNothing(phase: Exclude<PlayerPhase, 'ready' | 'failed'>): void
  fail(error: ApiError): void
  togglePlay(): void
  /** An instant in a gap goes to what comes after it. */
  seekToMs(ms: number): void
  seekBySec(deltaSec: number): void
  toStart(): void
  goLive(): void
  /** Pauses while the pointer is down; `endScrub` goes on as before. */
  beginScrub(): void
  endScrub(): void
  setRate(rate: number): void
  stepRate(direction: 1 | -1): void
  setMuted(muted: boolean): void
  /** 0..1 */
  setVolume(volume: number): void
  /** By the id that the menu in the store has. */
  setAudioTrack(id: number): void
  /** -1: none. */
  setSubtitleTrack(id: number): void
}
