import { History, LoaderCircle, Play, VolumeX } from 'lucide-react'
import { useStore } from 'zustand'
import { useServices } from '../app/services-context'
import { ErrorMessage } from '../ui/error-message'
import { texts } from '../ui/texts'
import { chosenLabel } from './track-menus'

/** What lies over the picture: why there is none yet, what went wrong, sound that the browser held back. */
export function PlayerOverlay() {
  const { player, playback } = useServices()
  const state = useStore(player.store)
  const words = texts.player
  switch (state.phase) {
    case 'empty':
      return <div className="overlay soft">{words.noFootage}</div>
    case 'waiting':
      return <Busy text={words.waiting} />
    case 'opening':
      return <Busy text={words.opening} />
    case 'failed':
      return (
        <div className="overlay">
          {state.error !== undefined && <ErrorMessage error={state.error} />}
          {state.error?.code !== 'unsupported_encryption' && (
            <button type="button" className="button" onClick={playback.reopen}>
              {words.retry}
            </button>
          )}
        </div>
      )
    case 'ready':
      return (
        <>
          {state.mutedByBrowser && (
            <button
              type="button"
              className="button unmute"
              data-testid="unmute-button"
              onClick={() => player.setMuted(false)}
            >
              <VolumeX aria-hidden />
              {words.unmute}
            </button>
          )}
          <output className="picture-notes">
            {state.isAlone && (
              <span className="picture-note" data-testid="sound-missing">
                <VolumeX aria-hidden />
                {words.soundMissing(chosenLabel(state.tracks.audio))}
              </span>
            )}
            {state.hasLate && (
              <button
                type="button"
                className="picture-note"
                data-testid="late-button"
                onClick={playback.showLate}
              >
                <History aria-hidden />
                {words.lateArrived}
              </button>
            )}
          </output>
          {!state.playing && !state.live && (
            <button
              type="button"
              className="big-play"
              aria-label={words.play}
              onClick={player.togglePlay}
            >
              <Play aria-hidden />
            </button>
          )}
          {state.playing && state.buffering && (
            <Busy text={state.live ? words.bufferingLive : words.buffering} />
          )}
        </>
      )
  }
}

/** Shows itself only after a moment, so that quick loads do not flicker. */
function Busy({ text }: { text: string }) {
  return (
    <output className="overlay overlay-busy">
      <LoaderCircle aria-hidden className="spin" />
      <span>{text}</span>
    </output>
  )
}
