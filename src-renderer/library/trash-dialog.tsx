import { ArchiveRestore, X } from 'lucide-react'
import { useStore } from 'zustand'
import type { TrashedRecording } from '../../src-preload/contract/model'
import { useServices } from '../app/services-context'
import { formatBytes, formatLength, formatMoment } from '../ui/format'
import { IconButton } from '../ui/icon-button'
import { Modal } from '../ui/modal'
import { texts } from '../ui/texts'
import { useNow } from '../ui/use-now'
import { restoreRecording } from './restore-recording'
import './trash.css'

/** Deleted recordings: each can be had back, or removed for good. */
export function TrashDialog() {
  const { ui, trash } = useServices()
  const open = useStore(ui.store, (state) => state.trashOpen)
  const items = useStore(trash.store, (state) => state.items)
  const empty = async (ids?: readonly string[]) => {
    const reply = await trash.empty(ids)
    if (!reply.ok) ui.fail(reply.error)
  }
  const words = texts.trash
  const bytes = items.reduce((sum, item) => sum + item.bytes, 0)
  return (
    <Modal open={open} title={words.title} onClose={() => ui.store.setState({ trashOpen: false })}>
      {items.length === 0 ? (
        <p className="soft">{words.none}</p>
      ) : (
        <ul className="trash-list">
          {items.map((item) => (
            <TrashRow key={item.id} item={item} onRemove={() => void empty([item.id])} />
          ))}
        </ul>
      )}
      <div className="modal-actions trash-foot">
        <span className="soft">{items.length > 0 && words.takes(formatBytes(bytes))}</span>
        <button
          type="button"
          className="button button-danger"
          data-testid="empty-trash"
          disabled={items.length === 0}
          onClick={() => void empty()}
        >
          {words.empty}
        </button>
      </div>
    </Modal>
  )
}

function TrashRow({ item, onRemove }: { item: TrashedRecording; onRemove: () => void }) {
  const services = useServices()
  const nowMs = useNow(false)
  const words = texts.trash
  const { id, title, durationSec, bytes, goneMs } = item
  return (
    <li className="trash-row" data-testid="trash-row" data-id={id}>
      <div className="trash-words">
        <div className="recording-title">{title}</div>
        <div className="figures">
          <span>{formatLength(durationSec)}</span>
          <span>{formatBytes(bytes)}</span>
          <span>{words.until(formatMoment(goneMs, nowMs).slice(0, -3))}</span>
        </div>
      </div>
      <IconButton
        label={words.restore(title)}
        testId="restore-button"
        onClick={() => void restoreRecording(services, id)}
      >
        <ArchiveRestore aria-hidden />
      </IconButton>
      <IconButton label={words.remove(title)} tone="danger" onClick={onRemove}>
        <X aria-hidden />
      </IconButton>
    </li>
  )
}
