import { Maximize, Pause, Play, RotateCcw, RotateCw, Volume2, VolumeX } from 'lucide-react'
import { useStore } from 'zustand'
import { useIsAway, useSelectedRecording, useServices } from '../app/services-context'
import { IconButton } from '../ui/icon-button'
import { texts } from '../ui/texts'
import { toggleFullscreen } from './fullscreen'
import { playbackRates } from './playback-rates'
import { TrackSelects } from './track-selects'
import { WallClock } from './wall-clock'

const SKIP_SEC = 10

/** Play, skip, live, clock, speed, sound, full screen. */
export function PlayerControls() {
  const { player } = useServices()
  const { phase, playing, rate } = useStore(player.store)
  const words = texts.player
  const idle = phase !== 'ready'
  return (
    <div className="controls">
      <IconButton
        label={playing ? words.pause : words.play}
        testId="play-button"
        disabled={idle}
        onClick={player.togglePlay}
      >
        {playing ? <Pause aria-hidden /> : <Play aria-hidden />}
      </IconButton>
      <IconButton label={words.back} disabled={idle} onClick={() => player.seekBySec(-SKIP_SEC)}>
        <RotateCcw aria-hidden />
      </IconButton>
      <IconButton label={words.forward} disabled={idle} onClick={() => player.seekBySec(SKIP_SEC)}>
        <RotateCw aria-hidden />
      </IconButton>
      <LiveBadge />
      <WallClock />
      <span className="spring" />
      <TrackSelects />
      <select
        className="select select-quiet"
        data-testid="rate-select"
        aria-label={words.speed}
        title={words.speed}
        value={String(rate)}
        disabled={idle}
        onChange={(event) => player.setRate(Number(event.target.value))}
      >
        {playbackRates.map((choice) => (
          <option key={choice} value={String(choice)}>
            {choice}×
          </option>
        ))}
      </select>
      <Sound />
      <IconButton label={words.fullscreen} onClick={toggleFullscreen}>
        <Maximize aria-hidden />
      </IconButton>
    </div>
  )
}

/** Red at the live edge while it is recorded, grey behind it and while nothing new comes; a click returns. Only where there is a live edge. */
function LiveBadge() {
  const { player, view } = useServices()
  const live = useStore(player.store, (state) => state.live)
  const away = useIsAway()
  const isRecorded = useSelectedRecording()?.state === 'recording' && !away
  const atEdge = useStore(player.store, (state) => state.atEdge) && isRecorded
  if (!live) return null
  const { liveAt, liveBehind, livePaused } = texts.player
  const elsewhere = isRecorded ? liveBehind : livePaused
  const label = atEdge ? liveAt : elsewhere
  return (
    <button
      type="button"
      className="live-badge"
      data-testid="live-badge"
      data-live={atEdge}
      aria-label={`${texts.player.live}. ${label}`}
      title={label}
      onClick={() => {
        view.follow()
        player.goLive()
      }}
    >
      <span className="live-dot" aria-hidden />
      {texts.player.live}
    </button>
  )
}

function Sound() {
  const { player } = useServices()
  const muted = useStore(player.store, (state) => state.muted)
  const volume = useStore(player.store, (state) => state.volume)
  const silent = muted || volume === 0
  return (
    <span className="sound">
      <IconButton
        label={silent ? texts.player.unmute : texts.player.mute}
        testId="mute-button"
        onClick={() => player.setMuted(!muted)}
      >
        {silent ? <VolumeX aria-hidden /> : <Volume2 aria-hidden />}
      </IconButton>
      <input
        type="range"
        className="volume"
        aria-label={texts.player.volume}
        min={0}
        max={1}
        step={0.05}
        value={silent ? 0 : volume}
        onChange={(event) => player.setVolume(Number(event.target.value))}
      />
    </span>
  )
}
