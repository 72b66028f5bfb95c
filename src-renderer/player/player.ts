import Hls, { type LevelDetails } from 'hls.js'
import type { ApiError } from '../../src-preload/contract/errors'
import { texts } from '../ui/texts'
import { type HlsSession, openHlsSession } from './hls-session'
import { listenTo } from './listen-to'
import { createLiveWatch } from './live-watch'
import { mediaSecAt, wallMsAt } from './media-clock'
import { createPlayhead, type Playhead } from './playhead'
import { nextRate } from './playback-rates'
import {
  createPlayerStore,
  type PlayerPhase,
  type PlayerState,
  type PlayerStore,
  resetPlayer,
} from './player-store'
import { createSeekQueue } from './seek-queue'
import { startPlaying } from './start-playing'
import type { TrackChoice } from './track-memory'
import { chosenLabel, emptyMenus } from './track-menus'

interface PlayerSource {
  readonly url: string
  readonly live: boolean
  /** Sound and subtitles that were chosen in it before. */
  readonly wanted?: TrackChoice
}

/** The player: hls.js on one video element, spoken to in wall-clock time. */
export interface Player {
  readonly store: PlayerStore
  readonly playhead: Playhead
  /** Takes a video element; returns the function that lets go of it. */
  attach(video: HTMLVideoElement): () => void
  open(source: PlayerSource): void
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

/** The very end has no frame to show. */
const END_CUSHION_SEC = 0.2
/** About as often as the picture itself changes; an animation frame each would cost twice as much. */
const POSITION_MS = 33

export function createPlayer(options: {
  /** End of what is stored of the open recording, unix ms; undefined while nobody knows. */
  storedEdgeMs: () => number | undefined
  /** A person chose another sound or other subtitles. */
  onChoice: (choice: TrackChoice) => void
}): Player {
  const store = createPlayerStore()
  const playhead = createPlayhead()
  let video: HTMLVideoElement | undefined
  let session: HlsSession | undefined
  let source: PlayerSource | undefined
  let details: LevelDetails | undefined
  /** Where a seek under way leads; shown instead of the old picture's time. */
  let wantedMs: number | undefined
  let resumeAfterScrub = false
  let ticking: ReturnType<typeof setInterval> | undefined
  const liveWatch = createLiveWatch({
    nowMs: () => performance.now(),
    storedEdgeMs: options.storedEdgeMs,
    onPausedLong: () => showEdge(false),
  })
  const seeks = createSeekQueue({
    nowMs: () => performance.now(),
    isSeeking: () => video?.seeking ?? false,
    seek: (sec) => {
      if (video !== undefined) video.currentTime = sec
    },
  })

  const patch = (change: Partial<PlayerState>) => {
    const now = store.getState()
    const keys = Object.keys(change) as (keyof PlayerState)[] // what a Partial's keys are
    if (keys.some((key) => change[key] !== now[key])) store.setState(change)
  }

  const showPosition = () => {
    if (video === undefined || details === undefined) return
    playhead.set(wantedMs ?? wallMsAt(details.fragments, video.currentTime))
  }

  const showEdge = (wasAtEdge: boolean) => {
    if (video === undefined || details === undefined) return
    const positionSec = seeks.waitingSec() ?? video.currentTime
    const atEdge = liveWatch.judge({ list: details, positionSec, wasAtEdge })
    patch({ atEdge, live: details.live })
    if (atEdge && video.playbackRate > 1) video.playbackRate = 1
  }

  /** Who was live before a stall is live after it. */
  const catchUp = () => {
    const { atEdge, buffering } = store.getState()
    if (buffering) liveWatch.stalled()
    if (liveWatch.takeJump(atEdge)) seekToSec(session?.liveSyncSec() ?? 0)
  }

  const play = () => {
    if (video !== undefined) startPlaying(video, () => patch({ mutedByBrowser: true }))
  }

  const seekToSec = (sec: number) => {
    if (video === undefined || details === undefined) return
    const lastSec = details.live
      ? Math.max(session?.liveSyncSec() ?? 0, details.edge - details.targetduration)
      : details.edge - END_CUSHION_SEC
    const firstSec = details.fragmentStart
    const target = Math.max(firstSec, Math.min(sec, lastSec))
    liveWatch.left()
    wantedMs = wallMsAt(details.fragments, target)
    playhead.set(wantedMs)
    seeks.go(target)
    showEdge(false)
  }

  const stop = () => {
    session?.close()
    session = undefined
    details = undefined
    source = undefined
    wantedMs = undefined
    patch({ tracks: emptyMenus })
    liveWatch.close()
    liveWatch.left()
    seeks.clear()
    playhead.set(undefined)
  }

  const begin = () => {
    if (video === undefined || source === undefined) return
    if (!Hls.isSupported()) {
      patch({ phase: 'failed', error: texts.errors.playbackUnsupported })
      return
    }
    const { live } = source
    session = openHlsSession({
      video,
      url: source.url,
      live,
      wanted: source.wanted ?? {},
      onDetails(loaded) {
        const first = details === undefined
        details = loaded
        showEdge(first ? live : store.getState().atEdge)
        showPosition()
        catchUp()
        if (first && live) play()
      },
      onTracks: (tracks) => patch({ tracks }),
      onFailed: () => patch({ phase: 'failed', error: texts.errors.playbackFailed }),
    })
  }

  const listeners: Readonly<Record<string, () => void>> = {
    loadeddata: () => patch({ phase: 'ready' }),
    play: () => {
      liveWatch.playing()
      patch({ playing: true, ended: false })
      showEdge(store.getState().atEdge)
      clearInterval(ticking)
      ticking = setInterval(showPosition, POSITION_MS)
    },
    pause: () => {
      clearInterval(ticking)
      liveWatch.paused()
      patch({ playing: false, buffering: false })
    },
    waiting: () => {
      liveWatch.stalled()
      patch({ buffering: true })
    },
    seeking: () => patch({ ended: false }),
    playing: () => {
      if (store.getState().buffering) liveWatch.stalled()
      patch({ buffering: false, phase: 'ready' })
    },
    canplay: () => patch({ buffering: false }),
    ended: () => patch({ playing: false, ended: true, buffering: false }),
    ratechange: () => patch({ rate: video?.playbackRate ?? 1 }),
    volumechange: () => {
      if (video === undefined) return
      patch({ muted: video.muted, volume: video.volume })
      if (!video.muted) patch({ mutedByBrowser: false })
    },
    timeupdate: () => {
      showPosition()
      showEdge(store.getState().atEdge)
    },
    seeked: () => {
      if (!seeks.settled()) return
      wantedMs = undefined
      showPosition()
    },
  }

  return {
    store,
    playhead,
    attach(element) {
      video = element
      const endListening = listenTo(element, listeners)
      begin()
      return () => {
        endListening()
        clearInterval(ticking)
        liveWatch.close()
        session?.close()
        session = undefined
        details = undefined
        video = undefined
      }
    },
    open(next) {
      stop()
      source = next
      resetPlayer(store, 'opening', { live: next.live, atEdge: next.live })
      begin()
    },
    showNothing(phase) {
      stop()
      video?.removeAttribute('src')
      video?.load()
      resetPlayer(store, phase, { live: false, atEdge: false, buffering: false })
    },
    fail: (error) => patch({ phase: 'failed', error }),
    togglePlay() {
      if (video?.paused === false) video.pause()
      else play()
    },
    seekToMs(ms) {
      const sec = details === undefined ? undefined : mediaSecAt(details.fragments, ms)
      if (sec !== undefined) seekToSec(sec)
    },
    seekBySec(deltaSec) {
      if (video !== undefined) seekToSec((seeks.waitingSec() ?? video.currentTime) + deltaSec)
    },
    toStart: () => seekToSec(0),
    goLive() {
      seekToSec(session?.liveSyncSec() ?? Number.POSITIVE_INFINITY)
      if (store.getState().live) play()
    },
    beginScrub() {
      resumeAfterScrub = video?.paused === false
      video?.pause()
    },
    endScrub() {
      if (resumeAfterScrub) play()
      resumeAfterScrub = false
    },
    setRate(rate) {
      if (video !== undefined) video.playbackRate = rate
    },
    stepRate(direction) {
      if (video !== undefined) video.playbackRate = nextRate(video.playbackRate, direction)
    },
    setAudioTrack(id) {
      session?.setAudioTrack(id)
      const { options: sounds } = store.getState().tracks.audio
      options.onChoice({ audio: chosenLabel({ options: sounds, chosen: id }) })
    },
    setSubtitleTrack(id) {
      session?.setSubtitleTrack(id)
      const { options: texts } = store.getState().tracks.subtitles
      options.onChoice({ subtitles: chosenLabel({ options: texts, chosen: id }) })
    },
    setMuted(muted) {
      if (video !== undefined) video.muted = muted
    },
    setVolume(volume) {
      if (video === undefined) return
      video.volume = Math.min(1, Math.max(0, volume))
      video.muted = volume === 0
    },
  }
}
