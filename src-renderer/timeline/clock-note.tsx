import { useStore } from 'zustand'
import { useServices } from '../app/services-context'
import { texts } from '../ui/texts'
import { clockOf } from './spans'

/** Says on the ruler that its times are those of arrival. */
export function ClockNote() {
  const { timeline } = useServices()
  const clock = useStore(timeline.store, (state) => clockOf(state.timeline?.clocks ?? []))
  if (clock === 'source') return null
  return (
    <span className="timeline-clock-note" data-testid="clock-note" title={texts.clockHints[clock]}>
      {texts.clocks[clock]}
    </span>
  )
}
