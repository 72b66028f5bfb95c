import { useEffect, useRef } from 'react'
import { useServices } from '../app/services-context'
import { formatClock } from '../ui/format'
import { texts } from '../ui/texts'
import { ClockNote } from './clock-note'
import { placeTip } from './hit-test'
import { type Hover, runTimelineView } from './timeline-view'
import { tipText } from './tip-text'
import './timeline.css'

const SCREEN_READER_MS = 1000
const SLIDER_STEP_MS = 1000

/** The timeline: ruler (scrub), lane (select), overview (move). */
export function TimelinePanel() {
  const services = useServices()
  const wrapper = useRef<HTMLDivElement>(null)
  const canvas = useRef<HTMLCanvasElement>(null)
  const tip = useRef<HTMLDivElement>(null)
  const slider = useRef<HTMLInputElement>(null)

  useEffect(() => {
    const [box, sheet, label] = [wrapper.current, canvas.current, tip.current]
    if (box === null || sheet === null || label === null) return undefined
    const end = runTimelineView({
      wrapper: box,
      canvas: sheet,
      services,
      onHover: (hover) => showTip(label, hover, hover && textAt(hover, services)),
    })
    const timer = setInterval(() => describe(slider.current, services), SCREEN_READER_MS)
    return () => {
      clearInterval(timer)
      end()
    }
  }, [services])

  return (
    <div className="timeline">
      <div ref={wrapper} className="timeline-canvas" data-testid="timeline">
        <canvas ref={canvas} />
        <input
          ref={slider}
          type="range"
          className="timeline-slider"
          aria-label={texts.timeline.label}
          step={SLIDER_STEP_MS}
          defaultValue={0}
          onChange={(event) => services.player.seekToMs(Number(event.target.value))}
        />
        <div className="timeline-ruler" data-testid="timeline-ruler" title={texts.timeline.ruler} />
        <div className="timeline-lane" data-testid="timeline-lane" title={texts.timeline.lane} />
        <div className="timeline-overview" data-testid="timeline-overview" />
        <ClockNote />
        <div ref={tip} className="timeline-tip" data-testid="timeline-tip" hidden />
      </div>
    </div>
  )
}

type TipServices = Parameters<typeof runTimelineView>[0]['services']

function textAt({ ms, zone }: Hover, { timeline, view }: TipServices): string {
  const { view: shown } = view.store.getState()
  const msPerPx = (shown.toMs - shown.fromMs) / shown.widthPx
  const whole = timeline.store.getState().timeline
  return tipText({ ms, zone, msPerPx, timeline: whole, nowMs: Date.now() })
}

/** Beside the pointer, within the timeline: what is above it and below it stays free. */
function showTip(label: HTMLElement, hover: Hover | undefined, text: string | undefined): void {
  label.hidden = hover === undefined
  if (hover === undefined || text === undefined) return
  if (label.textContent !== text) label.textContent = text
  const { leftPx, topPx } = placeTip({
    xPx: hover.xPx,
    zone: hover.zone,
    tipPx: label.offsetWidth,
    widthPx: label.parentElement?.clientWidth ?? 0,
  })
  label.style.transform = `translate(${leftPx}px, ${topPx}px)`
}

/** Keeps the slider that keyboards and screen readers use where the picture is. */
function describe(slider: HTMLInputElement | null, { player, timeline }: TipServices): void {
  const whole = timeline.store.getState().timeline
  const ms = player.playhead.ms()
  if (slider === null || whole === undefined || ms === undefined) return
  slider.min = String(whole.startMs)
  slider.max = String(whole.endMs)
  slider.value = String(Math.round(ms))
  slider.setAttribute('aria-valuetext', formatClock(ms))
}
