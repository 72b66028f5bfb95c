import Hls, { type LevelDetails } from 'hls.js'
import { texts } from '../ui/texts'
import { type HlsSession, openHlsSession } from './hls-session'
import { listenTo } from './listen-to'
import { createLiveWatch } from './live-watch'
import { mediaSecAt, wallMsAt } from './media-clock'
import { createPlayhead } from './playhead'
import { nextRate } from './playback-rates'
import type { Player, PlayerSource } from './player-port'
import { createPlayerStore, type PlayerState, resetPlayer } from './player-store'
import { createSeekQueue } from './seek-queue'
import { startPlaying } from './start-playing'
import type { TrackChoice } from './track-memory'
import { chosenLabel, emptyMenus } from './track-menus'

/** Where a playlist that takes the place of another one goes on. */
interface Resumption {
  readonly sec: number
  readonly ms: number | undefined
  readonly rate: number
  readonly isPlaying: boolean
}

/** The very end has no frame to show. */
const END_CUSHION_SEC = 0.2
/** About as often as the picture itself changes; an animation frame each would cost twice as much. */
const POSITION_MS = 33
/** Another place than this far away is sought. */
const SAME_PLACE_SEC = 0.5

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

  const close = () => {
    session?.close()
    session = undefined
    details = undefined
  }

  const stop = () => {
    close()
    source = undefined
    wantedMs = undefined
    patch({ tracks: emptyMenus, isAlone: false, hasLate: false })
    liveWatch.close()
    liveWatch.left()
    seeks.clear()
    playhead.set(undefined)
  }

  /** Undefined where it is to begin as if nothing had been shown: at the live edge, or before the first picture. */
  const resumption = (): Resumption | undefined => {
    const { phase, atEdge, live, rate } = store.getState()
    if (video === undefined || details === undefined || phase !== 'ready') return undefined
    if (live && atEdge) return undefined
    const ms = wantedMs ?? playhead.ms()
    const soughtSec = ms === undefined ? undefined : mediaSecAt(details.fragments, ms)
    return { sec: soughtSec ?? video.currentTime, ms, rate, isPlaying: !video.paused }
  }

  /** Its time may count otherwise than that of the playlist before: the instant decides. */
  const resume = (at: Resumption, list: LevelDetails) => {
    if (video === undefined) return
    video.playbackRate = at.rate
    const sec = at.ms === undefined ? undefined : mediaSecAt(list.fragments, at.ms)
    if (sec !== undefined && Math.abs(sec - at.sec) > SAME_PLACE_SEC) seekToSec(sec)
    if (at.isPlaying) play()
  }

  const begin = (at?: Resumption) => {
    if (video === undefined || source === undefined) return
    if (!Hls.isSupported()) {
      patch({ phase: 'failed', error: texts.errors.playbackUnsupported })
      return
    }
    const { live, isAlone = false } = source
    session = openHlsSession({
      video,
      url: source.url,
      startSec: at?.sec ?? (live ? undefined : 0),
      wanted: source.wanted ?? {},
      onDetails(loaded) {
        const first = details === undefined
        details = loaded
        showEdge(first ? live : store.getState().atEdge)
        showPosition()
        catchUp()
        if (first && at !== undefined) resume(at, loaded)
        else if (first && live) play()
      },
      // What can be chosen stays in sight while the picture is alone.
      onTracks: (tracks) =>
        patch({ tracks: isAlone ? { ...tracks, audio: store.getState().tracks.audio } : tracks }),
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
      if (seeks.waitingSec() === undefined) wantedMs = undefined
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
        close()
        video = undefined
      }
    },
    open(next) {
      stop()
      source = next
      resetPlayer(store, 'opening', { live: next.live, atEdge: next.live })
      begin()
    },
    reopen(next) {
      const at = resumption()
      close()
      source = next
      wantedMs = at?.ms
      seeks.clear()
      patch({ isAlone: next.isAlone ?? false, hasLate: false, live: next.live })
      begin(at)
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
      const { tracks, isAlone } = store.getState()
      const { options: sounds } = tracks.audio
      if (isAlone) patch({ tracks: { ...tracks, audio: { options: sounds, chosen: id } } })
      else session?.setAudioTrack(id)
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
