import { useStore } from 'zustand'
import { Modal } from '../ui/modal'
import { texts } from '../ui/texts'
import { useServices } from './services-context'
import './shortcuts.css'

/** The list of keys. */
export function ShortcutsDialog() {
  const { ui } = useServices()
  const open = useStore(ui.store, (state) => state.shortcutsOpen)
  return (
    <Modal
      open={open}
      title={texts.shortcuts.title}
      onClose={() => ui.store.setState({ shortcutsOpen: false })}
    >
      <dl className="shortcuts">
        {texts.shortcuts.rows.map(([keys, meaning]) => (
          <div key={keys}>
            <dt>
              {keys.split(', ').map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </Modal>
  )
}
