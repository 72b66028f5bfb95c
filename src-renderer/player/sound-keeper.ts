import type { Playback } from '../../src-preload/contract/model'
import { grownSound, hasSound } from './missing-sound'
import type { Player } from './player-port'
import { chosenLabel } from './track-menus'

/** Goes on with the picture alone where the sound that is played is missing, and with both where it is there again. */
export interface SoundKeeper {
  /** The player has been given this. */
  opened(playback: Playback): void
  /** Opens what is stored by now, where the player is. */
  renew(): Promise<void>
  /** The player has nothing. */
  closed(): void
}

const LOOK_MS = 150
/** A look may be late by so much, and to open another playlist takes a moment. */
const SLACK_MS = 200
/** Between two questions about what is stored meanwhile. */
const ASK_MS = 2000

export function createSoundKeeper(options: {
  player: Pick<Player, 'playhead' | 'store' | 'reopen'>
  /** The stored picture of what is open; undefined while nobody knows. */
  picture: () => { readonly fromMs: number; readonly toMs: number } | undefined
  isGrowing: () => boolean
  /** What is stored now; undefined where nobody can tell. */
  ask: () => Promise<Playback | undefined>
}): SoundKeeper {
  const { player } = options
  let opened: Playback | undefined
  /** Of what is stored since then. */
  let latest: Playback | undefined
  /** Nothing came to it any more when it was asked for. */
  let isFinal = false
  let isAlone = false
  let asking = false
  let askedMs = Number.NEGATIVE_INFINITY
  let looking: ReturnType<typeof setInterval> | undefined

  /** The one that is played, or would be. */
  const soundOf = (playback: Playback | undefined) => {
    const menu = player.store.getState().tracks.audio
    const label = chosenLabel(menu)
    const sound = playback?.sounds.find((candidate) => candidate.label === label)
    return menu.options.length === 0 ? playback?.sounds[0] : sound
  }

  const knownSound = () => {
    const now = soundOf(latest)
    return isAlone ? now : grownSound(soundOf(opened), now)
  }

  const askAgain = async () => {
    if (asking || performance.now() - askedMs < ASK_MS) return
    asking = true
    const mine = opened
    const wasGrowing = options.isGrowing()
    const answer = await options.ask()
    asking = false
    askedMs = performance.now()
    if (answer === undefined || opened !== mine) return
    latest = answer
    isFinal = !wasGrowing
    decide()
  }

  const isPresent = (): boolean | undefined => {
    const picture = options.picture()
    const atMs = player.playhead.ms()
    if (picture === undefined || atMs === undefined) return undefined
    const isGrowing = options.isGrowing()
    const leadMs = (LOOK_MS + SLACK_MS) * player.store.getState().rate
    return hasSound({ sound: knownSound(), atMs, picture, isGrowing, leadMs, isAlone })
  }

  const reopen = (playback: Playback) => {
    opened = playback
    latest = playback
    const { live, url, pictureUrl } = playback
    player.reopen({ url: isAlone ? pictureUrl : url, live, isAlone })
  }

  const decide = () => {
    if (latest === undefined || isPresent() !== isAlone) return
    isAlone = !isAlone
    reopen(latest)
  }

  const look = () => {
    if (isFinal) {
      decide()
      return
    }
    const present = isPresent()
    // Never rejects: transports answer failures as values.
    if (present === isAlone || present === false) void askAgain()
  }

  return {
    opened(playback) {
      opened = playback
      latest = playback
      isFinal = !options.isGrowing()
      isAlone = false
      clearInterval(looking)
      if (playback.sounds.length > 0) looking = setInterval(look, LOOK_MS)
    },
    async renew() {
      const mine = opened
      const answer = await options.ask()
      if (answer !== undefined && opened === mine) reopen(answer)
    },
    closed() {
      clearInterval(looking)
      opened = undefined
      latest = undefined
    },
  }
}
