import { useState } from 'react'
import { useStore } from 'zustand'
import { useServices } from '../app/services-context'
import type { RangeEnd, TypedRange } from '../stores/selection-store'
import { formatClock } from '../ui/format'
import { texts } from '../ui/texts'
import { readTypedRange } from './typed-range'
import type { Extent } from './viewport'

/** One end of the range as typed text. Enter or leaving the field takes it; Escape puts the old one back. */
export function TimeInput({ end }: { end: RangeEnd }) {
  const { selection, timeline } = useServices()
  const range = useStore(selection.store, (state) => state.range)
  const refused = useStore(selection.store, (state) => state.typed)
  const extent = useStore(timeline.store, (state) => state.timeline)
  const [typed, setTyped] = useState<string>()
  const currentMs = end === 'in' ? range?.fromMs : range?.toMs
  const current = currentMs === undefined ? '' : formatClock(currentMs, { withMs: true })
  const shown = typed ?? refused?.texts[end] ?? current
  const wrong = typed === undefined && refused?.problem.end === end

  /** True when there is nothing left to put right. */
  const take = (): boolean => {
    setTyped(undefined)
    if (typed === undefined || extent === undefined) return true
    const { [end]: _before, ...other } = refused?.texts ?? {}
    const wanted = typed.trim() === '' || typed === current ? other : { ...other, [end]: typed }
    if (Object.keys(wanted).length === 0) {
      // Back to what it was.
      if (range === undefined) selection.clearRange()
      else selection.setRange(range.fromMs, range.toMs)
      return true
    }
    const read = readTypedRange({ texts: wanted, end, range, extent })
    if ('range' in read) selection.setRange(read.range.fromMs, read.range.toMs)
    else selection.refuseTyped({ texts: wanted, problem: read.problem })
    return 'range' in read
  }

  return (
    <label className="time-input">
      <span>{texts.timeline[end]}</span>
      <input
        type="text"
        autoComplete="off"
        spellCheck={false}
        placeholder="--:--:--.---"
        title={texts.timeline.typeTime}
        data-testid={`range-${end}`}
        aria-label={end === 'in' ? texts.timeline.inLabel : texts.timeline.outLabel}
        aria-invalid={wrong}
        disabled={extent === undefined}
        value={shown}
        onChange={(event) => setTyped(event.target.value)}
        onBlur={take}
        onKeyDown={(event) => {
          // Taken: from now on keys are for the player.
          if (event.key === 'Enter' && take()) event.currentTarget.blur()
          if (event.key === 'Escape') setTyped(current)
        }}
      />
    </label>
  )
}

/** Why what was typed cannot be taken, and what to type instead. */
export function TypedRangeProblem() {
  const { selection, timeline } = useServices()
  const problem = useStore(selection.store, (state) => state.typed?.problem)
  const extent = useStore(timeline.store, (state) => state.timeline)
  if (problem === undefined || extent === undefined) return null
  return (
    <p className="range-problem" role="alert" data-testid="range-problem">
      {problemText(problem, extent)}
    </p>
  )
}

function problemText(problem: TypedRange['problem'], extent: Extent): string {
  const words = texts.timeline
  switch (problem.reason) {
    case 'unreadable':
      return words.unreadableTime(words[problem.end])
    case 'outside':
      return words.outsideTime(formatClock(extent.startMs), formatClock(extent.endMs))
    case 'order':
      return problem.end === 'in' ? words.inAfterOut : words.outBeforeIn
  }
}
