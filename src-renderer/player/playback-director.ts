import type { Transport } from '../../src-preload/contract/transport'
import type { RecordingSummary } from '../../src-preload/contract/model'
import { isRunning, type RecordingsStore } from '../stores/recordings-store'
import type { SelectionStore } from '../stores/selection-store'
import type { Player } from './player-port'
import { fillsGap } from './fills-gap'
import { createSoundKeeper } from './sound-keeper'
import type { TrackMemory } from './track-memory'

/** Opens in the player what is selected, as soon as there is a first segment to show. */
export interface PlaybackDirector {
  /** Tries again from the start. */
  reopen(): void
  /** Goes on where it is, with what came late in sight. */
  showLate(): void
  /** After a lost connection: opens again only what the player had given up on. */
  recover(): void
  close(): void
}

export function createPlaybackDirector(options: {
  transport: Transport
  recordings: RecordingsStore
  selection: SelectionStore
  memory: Pick<TrackMemory, 'of'>
  player: Pick<Player, 'open' | 'reopen' | 'showNothing' | 'fail' | 'store' | 'playhead'>
  /** The stored picture of what is selected; undefined while nobody knows. */
  picture: () => { readonly fromMs: number; readonly toMs: number } | undefined
}): PlaybackDirector {
  const { transport, recordings, selection, memory, player, picture } = options
  let current: string | undefined
  let asked = false
  /** As it was last heard of. */
  let known: RecordingSummary | undefined
  /** Counts openings, so that a late answer for an older one is dropped. */
  let turn = 0

  const wantedNow = () => (current === undefined ? {} : memory.of(current))
  const soundKeeper = createSoundKeeper({
    picture,
    player: {
      ...player,
      reopen: (source) => player.reopen({ ...source, wanted: wantedNow() }),
    },
    isGrowing() {
      const recording = recordings.store.getState().byId[current ?? '']
      return recording !== undefined && isRunning(recording)
    },
    async ask() {
      if (current === undefined) return undefined
      const reply = await transport.invoke('playback.open', { id: current })
      return reply.ok ? reply.value : undefined
    },
  })

  const showNothing: Player['showNothing'] = (phase) => {
    soundKeeper.closed()
    player.showNothing(phase)
  }

  async function open(id: string): Promise<void> {
    asked = true
    turn += 1
    const mine = turn
    showNothing('opening')
    const reply = await transport.invoke('playback.open', { id })
    if (mine !== turn) return
    if (reply.ok) {
      player.open({ ...reply.value, wanted: memory.of(id) })
      soundKeeper.opened(reply.value)
    } else player.fail(reply.error)
  }

  const consider = () => {
    const id = selection.store.getState().recordingId
    if (id !== current) {
      current = id
      known = undefined
      asked = false
      turn += 1
      showNothing('empty')
    }
    if (id === undefined || asked) return
    const recording = recordings.store.getState().byId[id]
    if (recording === undefined) return
    if (recording.segments > 0) {
      // Transports answer failures as values; nothing here can reject.
      void open(id)
      return
    }
    const phase = isRunning(recording) ? 'waiting' : 'empty'
    if (player.store.getState().phase !== phase) showNothing(phase)
  }

  const reopen = () => {
    asked = false
    consider()
  }

  /** What a growing playlist has said stays said: what comes late is not in it. */
  const noteLate = () => {
    const now = recordings.store.getState().byId[current ?? '']
    const isOpen = player.store.getState().phase === 'ready'
    if (isOpen && fillsGap(known, now)) player.store.setState({ hasLate: true })
    known = now
  }

  const ends = [
    recordings.store.subscribe(noteLate),
    recordings.store.subscribe(consider),
    selection.store.subscribe(consider),
  ]
  consider()
  return {
    reopen,
    // Never rejects: transports answer failures as values.
    showLate: () => void soundKeeper.renew(),
    recover() {
      if (player.store.getState().phase === 'failed') reopen()
    },
    close() {
      soundKeeper.closed()
      for (const end of ends) end()
    },
  }
}
