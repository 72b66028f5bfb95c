import { useStore } from 'zustand'
import { useServices } from '../app/services-context'
import { texts } from '../ui/texts'
import { exportSound } from './export-sound'

/** Which sound exports carry, where there are several: the one that is played unless the person says otherwise. */
export function SoundSelect() {
  const { player, ui } = useServices()
  const menu = useStore(player.store, (state) => state.tracks.audio)
  const chosen = useStore(ui.store, (state) => state.exportSound)
  const sound = exportSound(menu, chosen)
  if (sound === undefined) return null
  return (
    <select
      className="select"
      data-testid="export-sound"
      aria-label={texts.export.sound}
      title={texts.export.sound}
      value={sound}
      onChange={(event) => ui.setExportSound(event.target.value)}
    >
      {menu.options.map(({ id, label }) => (
        <option key={id} value={label}>
          {label}
        </option>
      ))}
    </select>
  )
}
