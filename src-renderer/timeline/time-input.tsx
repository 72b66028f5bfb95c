import { useState } from 'react'
import { useStore } from 'zustand'
import { markRange } from '../app/keys'
import { useServices } from '../app/services-context'
import { formatClock } from '../ui/format'
import { parseTypedTime } from '../ui/parse-time'
import { texts } from '../ui/texts'

/** One end of the range as typed text. Enter or leaving the field takes it; Escape puts the old one back. */
export function TimeInput({ end }: { end: 'in' | 'out' }) {
  const { selection, timeline } = useServices()
  const range = useStore(selection.store, (state) => state.range)
  const hasFootage = useStore(timeline.store, (state) => state.timeline !== undefined)
  const [typed, setTyped] = useState<string>()
  const [wrong, setWrong] = useState(false)
  const currentMs = end === 'in' ? range?.fromMs : range?.toMs
  const shown = typed ?? (currentMs === undefined ? '' : formatClock(currentMs, { withMs: true }))

  const reset = () => {
    setTyped(undefined)
    setWrong(false)
  }
  const take = () => {
    const extent = timeline.store.getState().timeline
    if (typed === undefined || extent === undefined || typed.trim() === '') return reset()
    const typedMs = parseTypedTime(typed, extent)
    if (typedMs === undefined) {
      setWrong(true)
      return
    }
    const atMs = Math.max(extent.startMs, Math.min(extent.endMs, typedMs))
    const marked = markRange({ end, atMs, range, extent })
    selection.setRange(marked.fromMs, marked.toMs)
    reset()
  }

  return (
    <label className="time-input" title={wrong ? texts.timeline.unreadableTime : undefined}>
      <span>{texts.timeline[end]}</span>
      <input
        type="text"
        inputMode="numeric"
        autoComplete="off"
        spellCheck={false}
        placeholder="--:--:--.---"
        data-testid={`range-${end}`}
        aria-label={end === 'in' ? texts.timeline.inLabel : texts.timeline.outLabel}
        aria-invalid={wrong}
        disabled={!hasFootage}
        value={shown}
        onChange={(event) => {
          setWrong(false)
          setTyped(event.target.value)
        }}
        onBlur={take}
        onKeyDown={(event) => {
          if (event.key === 'Enter') take()
          if (event.key === 'Escape') reset()
        }}
      />
    </label>
  )
}
