import { useStore } from 'zustand'
import { useServices } from '../app/services-context'
import { texts } from '../ui/texts'
import { DemoButton } from './demo-button'
import './library.css'
import { RecordingRow } from './recording-row'

/** All recordings: what runs first, then the newest. */
export function Library() {
  const { recordings } = useServices()
  const order = useStore(recordings.store, (state) => state.order)
  const loaded = useStore(recordings.store, (state) => state.loaded)
  return (
    <section className="library" aria-label={texts.library.title}>
      <h2 className="section-title">{texts.library.title}</h2>
      <ul className="recording-list">
        {order.map((id) => (
          <RecordingRow key={id} id={id} />
        ))}
      </ul>
      {!loaded && <p className="soft library-note">{texts.library.loading}</p>}
      {loaded && order.length === 0 && (
        <p className="soft library-note library-empty">{texts.library.none}</p>
      )}
      {loaded && order.length > 0 && (
        <div className="library-foot">
          <DemoButton />
        </div>
      )}
    </section>
  )
}
