import { useState } from 'react'
import { useStore } from 'zustand'
import { useServices } from '../app/services-context'
import { isRunning } from '../stores/recordings-store'
import { formatBytes, formatLength } from '../ui/format'
import { Modal } from '../ui/modal'
import { texts } from '../ui/texts'
import { removeRecording } from './remove-recording'

/** Asks before a recording is deleted that cannot simply be had back: see `needsYes`. */
export function RemoveDialog() {
  const services = useServices()
  const { ui, recordings, settings } = services
  const keepsNothing = useStore(settings.store, (state) => state.settings?.trashDays === 0)
  const id = useStore(ui.store, (state) => state.removing)
  const recording = useStore(recordings.store, (state) =>
    id === undefined ? undefined : state.byId[id],
  )
  const [busy, setBusy] = useState(false)
  const close = () => ui.askRemove(undefined)
  const remove = async () => {
    if (id === undefined) return
    setBusy(true)
    await removeRecording(services, id)
    setBusy(false)
    close()
  }
  const words = texts.remove
  return (
    <Modal open={recording !== undefined} title={words.title} onClose={close}>
      {recording !== undefined && (
        <>
          <p>
            {(keepsNothing ? words.bodyForGood : words.body)(
              recording.title,
              formatLength(recording.durationSec),
              formatBytes(recording.bytes),
            )}
          </p>
          {isRunning(recording) && <p>{words.running}</p>}
        </>
      )}
      <div className="modal-actions">
        <button type="button" className="button" onClick={close}>
          {words.cancel}
        </button>
        <button
          type="button"
          className="button button-danger"
          data-testid="confirm-delete"
          disabled={busy}
          onClick={() => void remove()}
        >
          {words.confirm}
        </button>
      </div>
    </Modal>
  )
}
