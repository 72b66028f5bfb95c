import { useEffect, useRef } from 'react'
import { useServices } from '../app/services-context'
import { texts } from '../ui/texts'
import { PlayerControls } from './player-controls'
import { PlayerOverlay } from './player-overlay'
import './player.css'

/** The picture and its controls. */
export function PlayerPanel() {
  const { player } = useServices()
  const video = useRef<HTMLVideoElement>(null)
  useEffect(() => (video.current === null ? undefined : player.attach(video.current)), [player])
  return (
    <section className="player" aria-label={texts.player.label}>
      <div className="picture">
        {/* hls.js adds the recorded subtitles beside this one. */}
        <video ref={video} data-testid="video" playsInline onClick={player.togglePlay}>
          <track kind="captions" />
        </video>
        <PlayerOverlay />
      </div>
      <PlayerControls />
    </section>
  )
}
