import { useState } from 'react'
import { useStore } from 'zustand'
import { useServices } from '../app/services-context'
import { isRunning } from '../stores/recordings-store'
import { formatBytes, formatLength } from '../ui/format'
import { Modal } from '../ui/modal'
import { texts } from '../ui/texts'

/** Asks before a recording is deleted. */
export function RemoveDialog() {
  const { ui, recordings, selection, player, playback } = useServices()
  const id = useStore(ui.store, (state) => state.removing)
  const recording = useStore(recordings.store, (state) =>
    id === undefined ? undefined : state.byId[id],
  )
  const [busy, setBusy] = useState(false)
  const close = () => ui.askRemove(undefined)
  const remove = async () => {
    if (id === undefined) return
    setBusy(true)
    if (selection.store.getState().recordingId === id) player.showNothing('empty')
    const reply = await recordings.remove(id)
    setBusy(false)
    if (!reply.ok) {
      ui.fail(reply.error)
      playback.reopen()
    }
    close()
  }
  const words = texts.remove
  return (
    <Modal open={recording !== undefined} title={words.title} onClose={close}>
      {recording !== undefined && (
        <>
          <p>
            {words.body(
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
