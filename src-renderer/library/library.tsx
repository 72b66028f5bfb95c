import { Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useStore } from 'zustand'
import { useServices } from '../app/services-context'
import { IconButton } from '../ui/icon-button'
import { texts } from '../ui/texts'
import { DemoButton } from './demo-button'
import './library.css'
import { RecordingRow } from './recording-row'
import { StorageLine } from './storage-line'
import { createStopGuard } from './stop-guard'

/** All recordings: what runs first, then the newest. While the pointer is over them, none moves: a stopped recording cannot be resumed. */
export function Library() {
  const { recordings, trash, ui } = useServices()
  const deleted = useStore(trash.store, (state) => state.items.length)
  const order = useStore(recordings.store, (state) => state.order)
  const loaded = useStore(recordings.store, (state) => state.loaded)
  const [guard] = useState(() => createStopGuard({ nowMs: () => performance.now() }))
  return (
    <section className="library" aria-label={texts.library.title}>
      <div className="library-head">
        <h2 className="section-title">{texts.library.title}</h2>
        <IconButton
          label={texts.trash.open(deleted)}
          testId="trash-toggle"
          onClick={() => ui.store.setState({ trashOpen: true })}
        >
          <Trash2 aria-hidden />
          {deleted > 0 && <span className="count">{deleted}</span>}
        </IconButton>
      </div>
      <ul
        className="recording-list"
        onPointerEnter={() => recordings.hold(true)}
        onPointerLeave={() => recordings.hold(false)}
      >
        {order.map((id) => (
          <RecordingRow key={id} id={id} guard={guard} />
        ))}
      </ul>
      {!loaded && <p className="soft library-note">{texts.library.loading}</p>}
      {loaded && order.length === 0 && (
        <p className="soft library-note library-empty">{texts.library.none}</p>
      )}
      <div className="library-foot">
        <StorageLine />
        {loaded && order.length > 0 && <DemoButton />}
      </div>
    </section>
  )
}
