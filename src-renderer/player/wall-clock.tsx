import { useEffect, useRef } from 'react'
import { useServices } from '../app/services-context'
import { formatClock, formatDay, formatLength } from '../ui/format'
import { texts } from '../ui/texts'
import { createBehindLive } from './behind-live'

/** Four times a second is enough for a clock that shows seconds. */
const REFRESH_MS = 250

/** The wall-clock time of the picture, and how far behind live it is. Written past React, and while paused too: live goes on as long as it is recorded. */
export function WallClock() {
  const { player, timeline, ui, recordings } = useServices()
  const clock = useRef<HTMLSpanElement>(null)
  const extra = useRef<HTMLSpanElement>(null)
  useEffect(() => {
    const behind = createBehindLive()
    const write = () => {
      const { live, atEdge } = player.store.getState()
      const whole = timeline.store.getState().timeline
      const ms = player.playhead.ms()
      setText(clock.current, ms === undefined ? '--:--:--' : formatClock(ms))
      if (ms === undefined || whole === undefined) setText(extra.current, '')
      else if (live && !atEdge) {
        const { id, endMs: edgeMs } = whole
        const isRecorded = recordings.store.getState().byId[id]?.state === 'recording'
        const running = isRecorded && ui.store.getState().connection !== 'lost'
        const sec = behind.sec({ id, atMs: ms, edgeMs, nowMs: Date.now(), running })
        setText(extra.current, texts.player.behind(formatLength(sec)))
      } else setText(extra.current, live ? '' : formatDay(ms))
    }
    write()
    const timer = setInterval(write, REFRESH_MS)
    const end = player.store.subscribe(write)
    return () => {
      clearInterval(timer)
      end()
    }
  }, [player, timeline, ui, recordings])
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
