import { MoveHorizontal, Pin, ScanSearch, Scissors, X, ZoomIn, ZoomOut } from 'lucide-react'
import { useStore } from 'zustand'
import { useServices } from '../app/services-context'
import { exportRange, presetRange } from '../export/export-range'
import { SoundSelect } from '../export/sound-select'
import { formatSpan } from '../ui/format'
import { IconButton } from '../ui/icon-button'
import { texts } from '../ui/texts'
import { TimeInput, TypedRangeProblem } from './time-input'

const ZOOM_STEP = 0.5
const PRESETS = [
  [texts.export.presets.sec30, 30],
  [texts.export.presets.min2, 120],
  [texts.export.presets.min10, 600],
  [texts.export.presets.whole, undefined],
] as const

/** The marked range in figures, what to do with it, and the zoom. */
export function RangeBar() {
  const services = useServices()
  const { selection, view, ui } = services
  const range = useStore(selection.store, (state) => state.range)
  const inDoubt = useStore(selection.store, (state) => state.typed !== undefined)
  const mode = useStore(ui.store, (state) => state.cutMode)
  const words = texts.export

  const zoomInMiddle = (factor: number) => view.zoom(view.store.getState().view.widthPx / 2, factor)

  const exportTitle = inDoubt
    ? texts.timeline.fixTyped
    : range === undefined
      ? texts.timeline.noRange
      : words.buttonHint

  return (
    <div className="range-bar">
      <div className="range-row">
        <div className="range-group">
          <TimeInput end="in" />
          <TimeInput end="out" />
          <TypedRangeProblem />
          <span className="range-length">
            {range === undefined ? '–' : formatSpan((range.toMs - range.fromMs) / 1000)}
          </span>
          <IconButton
            label={texts.timeline.clear}
            disabled={range === undefined && !inDoubt}
            onClick={selection.clearRange}
          >
            <X aria-hidden />
          </IconButton>
          <PinRange />
        </div>
        <div className="range-group">
          <select
            className="select"
            data-testid="cut-mode"
            aria-label={words.mode}
            title={mode === 'copy' ? words.copyHint : words.exactHint}
            value={mode}
            onChange={(event) =>
              ui.store.setState({ cutMode: event.target.value === 'exact' ? 'exact' : 'copy' })
            }
          >
            <option value="copy">{words.copy}</option>
            <option value="exact">{words.exact}</option>
          </select>
          <SoundSelect />
          <button
            type="button"
            className="button button-primary"
            data-testid="export-button"
            disabled={range === undefined || inDoubt}
            title={exportTitle}
            onClick={() => range !== undefined && void exportRange({ ...services, range, mode })}
          >
            <Scissors aria-hidden />
            {words.button}
          </button>
        </div>
        <Presets />
        <div className="range-group range-zoom">
          <IconButton label={texts.timeline.zoomOut} onClick={() => zoomInMiddle(1 / ZOOM_STEP)}>
            <ZoomOut aria-hidden />
          </IconButton>
          <IconButton label={texts.timeline.zoomIn} onClick={() => zoomInMiddle(ZOOM_STEP)}>
            <ZoomIn aria-hidden />
          </IconButton>
          <IconButton
            label={texts.timeline.zoomToRange}
            disabled={range === undefined}
            onClick={() => range !== undefined && view.zoomTo(range)}
          >
            <ScanSearch aria-hidden />
          </IconButton>
          <IconButton label={texts.timeline.fit} onClick={view.fit}>
            <MoveHorizontal aria-hidden />
          </IconButton>
        </div>
      </div>
    </div>
  )
}

/** Keeps the marked range, whatever makes room. */
function PinRange() {
  const { selection, recordings, ui } = useServices()
  const range = useStore(selection.store, (state) => state.range)
  const inDoubt = useStore(selection.store, (state) => state.typed !== undefined)
  const pin = async () => {
    const { recordingId } = selection.store.getState()
    if (recordingId === undefined || range === undefined) return
    const { fromMs, toMs } = range
    const reply = await recordings.pinSpan({ id: recordingId, fromMs, toMs })
    if (reply.ok) ui.info(texts.pins.rangePinned)
    else ui.fail(reply.error)
  }
  return (
    <IconButton
      label={texts.pins.pinRange}
      testId="pin-range"
      disabled={range === undefined || inDoubt}
      onClick={() => void pin()}
    >
      <Pin aria-hidden />
    </IconButton>
  )
}

/** One click exports the newest stretch. */
function Presets() {
  const services = useServices()
  const hasFootage = useStore(services.timeline.store, (state) => state.timeline !== undefined)
  const save = (sec: number | undefined) => {
    const whole = services.timeline.store.getState().timeline
    if (whole === undefined) return
    const mode = services.ui.store.getState().cutMode
    void exportRange({ ...services, range: presetRange(whole, sec), mode })
  }
  return (
    <fieldset className="range-group range-presets" aria-label={texts.export.title}>
      <span className="soft">{texts.export.last}</span>
      {PRESETS.map(([label, sec]) => (
        <button
          key={label}
          type="button"
          className="button button-small"
          data-testid={`preset-${sec ?? 'whole'}`}
          title={sec === undefined ? texts.export.presetWholeHint : texts.export.presetHint(label)}
          disabled={!hasFootage}
          onClick={() => save(sec)}
        >
          {label}
        </button>
      ))}
    </fieldset>
  )
}
