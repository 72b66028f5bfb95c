import { useEffect, useRef } from 'react'
import { useServices } from '../app/services-context'
import { formatClock, formatDay, formatLength } from '../ui/format'
import { texts } from '../ui/texts'

/** The wall-clock time of the picture, and how far behind live it is. Written past React: it changes with each frame. */
export function WallClock() {
  const { player, timeline } = useServices()
  const clock = useRef<HTMLSpanElement>(null)
  const extra = useRef<HTMLSpanElement>(null)
  useEffect(() => {
    const write = (ms: number | undefined) => {
      const { live, atEdge } = player.store.getState()
      const whole = timeline.store.getState().timeline
      setText(clock.current, ms === undefined ? '--:--:--' : formatClock(ms))
      if (ms === undefined || whole === undefined) setText(extra.current, '')
      else if (live && !atEdge) {
        setText(extra.current, texts.player.behind(formatLength((whole.endMs - ms) / 1000)))
      } else setText(extra.current, live ? '' : formatDay(ms))
    }
    const refresh = () => write(player.playhead.ms())
    refresh()
    const ends = [player.playhead.subscribe(write), player.store.subscribe(refresh)]
    return () => {
      for (const end of ends) end()
    }
  }, [player, timeline])
  return (
    <span className="wall-clock">
      <span ref={clock} data-testid="wall-clock" />
      <span ref={extra} className="soft" />
    </span>
  )
}

function setText(element: HTMLElement | null, text: string): void {
  if (element !== null && element.textContent !== text) element.textContent = text
}
