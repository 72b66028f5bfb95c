import { AudioLines, Captions } from 'lucide-react'
import type { ReactNode } from 'react'
import { useStore } from 'zustand'
import { useServices } from '../app/services-context'
import { texts } from '../ui/texts'
import type { TrackMenu } from './track-menus'

/** Which sound and which subtitles; each only where there is something to choose. */
export function TrackSelects() {
  const { player } = useServices()
  const { audio, subtitles } = useStore(player.store, (state) => state.tracks)
  const words = texts.player
  return (
    <>
      {audio.options.length > 1 && (
        <TrackSelect
          testId="audio-select"
          label={words.audio}
          icon={<AudioLines aria-hidden />}
          menu={audio}
          onChoose={player.setAudioTrack}
        />
      )}
      {subtitles.options.length > 0 && (
        <TrackSelect
          testId="subtitles-select"
          label={words.subtitles}
          icon={<Captions aria-hidden />}
          none={words.noSubtitles}
          menu={subtitles}
          onChoose={player.setSubtitleTrack}
        />
      )}
    </>
  )
}

function TrackSelect(props: {
  testId: string
  label: string
  icon: ReactNode
  /** What choosing none is called, where that can be chosen. */
  none?: string
  menu: TrackMenu
  onChoose: (id: number) => void
}) {
  const { testId, label, icon, none, menu, onChoose } = props
  return (
    <span className="track-select">
      {icon}
      <select
        className="select select-quiet"
        data-testid={testId}
        aria-label={label}
        title={label}
        value={String(menu.chosen)}
        onChange={(event) => onChoose(Number(event.target.value))}
      >
        {none !== undefined && <option value="-1">{none}</option>}
        {menu.options.map((option) => (
          <option key={option.id} value={String(option.id)}>
            {option.label}
          </option>
        ))}
      </select>
    </span>
  )
}
