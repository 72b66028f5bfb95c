import { Radio } from 'lucide-react'
import { useStore } from 'zustand'
import { DemoButton } from '../library/demo-button'
import { ErrorMessage } from '../ui/error-message'
import { texts } from '../ui/texts'
import './hero.css'
import { useServices } from './services-context'

/** What to do first. */
export function EmptyState() {
  const { recordings } = useServices()
  const isEmpty = useStore(recordings.store, (state) => state.order.length === 0)
  const error = useStore(recordings.store, (state) => state.error)
  if (!isEmpty) {
    return (
      <section className="hero">
        <h2>{texts.empty.selectTitle}</h2>
        <p>{texts.empty.selectBody}</p>
      </section>
    )
  }
  return (
    <section className="hero">
      <Radio className="hero-icon" aria-hidden />
      <h2>{texts.empty.title}</h2>
      <p>{texts.empty.body}</p>
      <p className="hero-or">{texts.empty.or}</p>
      <DemoButton prominent />
      {error !== undefined && <ErrorMessage error={error} />}
    </section>
  )
}
