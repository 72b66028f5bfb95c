import Hls, { ErrorTypes, Events, type LevelDetails } from 'hls.js'
import workerUrl from 'hls.js/dist/hls.worker.js?url'
import { decideRecovery } from './recovery'
import type { TrackChoice } from './track-memory'
import { preferencesOf, type TrackMenus, watchTracks } from './track-menus'

/** One opened playlist on one video element. */
export interface HlsSession {
  /** The playlist as last loaded; undefined until then. */
  details(): LevelDetails | undefined
  /** Media time (s) to play at the live edge. */
  liveSyncSec(): number | undefined
  setAudioTrack(id: number): void
  /** -1: none. */
  setSubtitleTrack(id: number): void
  close(): void
}

/** An error that comes this long after the one before is a new trouble, not the old one. */
const CALM_MS = 5000

/** Opens `url` with hls.js. Needs Hls.isSupported(). Errors are recovered from, bounded; `onFailed` when that is used up. */
export function openHlsSession(options: {
  video: HTMLVideoElement
  url: string
  /** Media time to begin at; undefined = the live edge. */
  startSec: number | undefined
  /** What was chosen in it before. */
  wanted: TrackChoice
  /** After each load of the playlist. */
  onDetails: (details: LevelDetails) => void
  onTracks: (menus: TrackMenus) => void
  onFailed: () => void
}): HlsSession {
  const { video, url, startSec, wanted } = options
  const hls = new Hls({
    lowLatencyMode: true,
    workerPath: workerUrl,
    startPosition: startSec ?? -1,
    liveSyncDurationCount: 1.5,
    maxLiveSyncPlaybackRate: 1,
    liveDurationInfinity: true,
    backBufferLength: 60,
    maxBufferLength: 20,
    maxMaxBufferLength: 60,
    maxBufferHole: 0.5,
    ...preferencesOf(wanted),
  })
  const tracks = watchTracks({ ...options, hls })
  let details: LevelDetails | undefined
  let attempts = 0
  let lastErrorMs = Number.NEGATIVE_INFINITY
  let timer: ReturnType<typeof setTimeout> | undefined

  const startAgain = () => {
    if (details === undefined) hls.loadSource(url)
    else hls.startLoad(video.currentTime)
  }

  hls.on(Events.LEVEL_UPDATED, (_event, data) => {
    details = data.details
    options.onDetails(data.details)
  })
  hls.on(Events.ERROR, (_event, data) => {
    if (!data.fatal) return
    const nowMs = performance.now()
    if (nowMs - lastErrorMs > CALM_MS) attempts = 0
    lastErrorMs = nowMs
    const recovery = decideRecovery(kindOf(data.type), attempts)
    attempts += 1
    clearTimeout(timer)
    if (recovery.action === 'give-up') {
      hls.stopLoad()
      options.onFailed()
    } else if (recovery.action === 'recover-media') {
      hls.recoverMediaError()
    } else {
      timer = setTimeout(startAgain, recovery.delayMs)
    }
  })
  hls.attachMedia(video)
  hls.loadSource(url)

  return {
    details: () => details,
    liveSyncSec: () => hls.liveSyncPosition ?? undefined,
    setAudioTrack: tracks.setAudio,
    setSubtitleTrack: tracks.setSubtitles,
    close() {
      clearTimeout(timer)
      tracks.close()
      hls.destroy()
    },
  }
}

function kindOf(type: ErrorTypes): 'network' | 'media' | 'other' {
  if (type === ErrorTypes.NETWORK_ERROR) return 'network'
  return type === ErrorTypes.MEDIA_ERROR ? 'media' : 'other'
}
