import { createStore, type StoreApi } from 'zustand/vanilla'
import type { ApiError } from '../../src-preload/contract/errors'
import { emptyMenus, type TrackMenus } from './track-menus'

/** `waiting`: nothing is stored yet; `ready`: the picture can be moved about in. */
export type PlayerPhase = 'empty' | 'waiting' | 'opening' | 'ready' | 'failed'

export interface PlayerState {
  readonly phase: PlayerPhase
  readonly playing: boolean
  /** Wants to play and has nothing to show. */
  readonly buffering: boolean
  readonly ended: boolean
  readonly live: boolean
  readonly atEdge: boolean
  readonly rate: number
  readonly muted: boolean
  /** 0..1 */
  readonly volume: number
  /** The browser refused to start with sound. */
  readonly mutedByBrowser: boolean
  /** The sound that is played is missing here: the picture goes on without it. */
  readonly isAlone: boolean
  /** Footage came after its turn, and is seen when the recording is opened anew. */
  readonly hasLate: boolean
  readonly tracks: TrackMenus
  readonly error?: ApiError
}

export type PlayerStore = StoreApi<PlayerState>

/** What the player's controls show. */
export function createPlayerStore(): PlayerStore {
  return createStore<PlayerState>(() => ({
    phase: 'empty',
    playing: false,
    buffering: false,
    ended: false,
    live: false,
    atEdge: false,
    rate: 1,
    muted: false,
    volume: 1,
    mutedByBrowser: false,
    isAlone: false,
    hasLate: false,
    tracks: emptyMenus,
  }))
}

/** Another recording, or none: what was true of the one before is not any more. */
export function resetPlayer(
  store: PlayerStore,
  phase: PlayerPhase,
  change: Partial<PlayerState>,
): void {
  const { error: _old, ...rest } = store.getState()
  store.setState({ ...rest, phase, ended: false, playing: false, ...change }, true)
}
