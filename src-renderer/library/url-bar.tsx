import { Circle, Link } from 'lucide-react'
import { useRef, useState } from 'react'
import { useStore } from 'zustand'
import type { ApiError } from '../../src-preload/contract/errors'
import { mayBeLiveLater } from '../../src-preload/contract/wait-for-live'
import { useServices } from '../app/services-context'
import { ErrorMessage } from '../ui/error-message'
import { texts } from '../ui/texts'
import { probeSummary } from './probe-summary'
import { QualitySelect } from './quality-select'
import { startOutcome } from './start-outcome'
import { startRecording } from './start-recording'
import { type ProbeState, useProbe } from './use-probe'

/** Where an address goes in and a recording comes out. */
export function UrlBar() {
  const services = useServices()
  const { ui, settings } = services
  const url = useStore(ui.store, (state) => state.urlText)
  const usual = useStore(settings.store, (state) => state.settings?.quality ?? 'best')
  const [chosen, setChosen] = useState<string>()
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<{ asked: string; error: ApiError }>()
  const field = useRef<HTMLInputElement>(null)
  const probe = useProbe(url)
  const quality = chosen ?? usual
  const error = failure?.asked === url ? failure.error : undefined
  const isProtected = probe.kind === 'found' && probe.probe.drm !== undefined

  const record = async ({ waitForLive = false, again = false } = {}) => {
    if (busy || isProtected || url.trim() === '') return
    setBusy(true)
    setFailure(undefined)
    // From now on keys are for the player.
    field.current?.blur()
    const wanted = { url: url.trim(), quality, waitForLive, again }
    const failed = await startRecording({ ...services, ...wanted })
    setBusy(false)
    const outcome = startOutcome({ asked: url, typed: ui.store.getState().urlText, failed })
    if (outcome.kind === 'clear') ui.store.setState({ urlText: '' })
    else if (outcome.kind === 'tell') ui.fail(outcome.error)
    else if (failed !== undefined) {
      setFailure({ asked: url, error: failed })
      field.current?.focus()
    }
  }

  return (
    <form
      className="url-bar"
      onSubmit={(event) => {
        event.preventDefault()
        void record()
      }}
    >
      <div className="url-line">
        <span className="url-field">
          <Link aria-hidden />
          <input
            ref={field}
            type="text"
            inputMode="url"
            autoComplete="off"
            spellCheck={false}
            maxLength={8192}
            data-testid="url-input"
            aria-label={texts.urlBar.label}
            placeholder={texts.urlBar.placeholder}
            value={url}
            onChange={(event) => {
              setFailure(undefined)
              ui.store.setState({ urlText: event.target.value })
            }}
          />
        </span>
        <QualitySelect
          value={quality}
          usual={usual}
          testId="quality-select"
          label={texts.urlBar.quality}
          onChange={setChosen}
        />
        <button
          type="submit"
          className="button button-record"
          data-testid="record-button"
          disabled={busy || isProtected || url.trim() === ''}
        >
          <Circle aria-hidden className="record-icon" />
          {busy ? texts.urlBar.starting : texts.urlBar.record}
        </button>
      </div>
      <div className="url-hint">
        <UrlHint
          error={error ?? (probe.kind === 'failed' ? probe.error : undefined)}
          probe={probe}
          onWait={() => void record({ waitForLive: true })}
          onAgain={() => void record({ again: true })}
        />
      </div>
    </form>
  )
}

/** One line of fixed height: an error, what was found, or how to begin. */
function UrlHint(props: {
  error: ApiError | undefined
  probe: ProbeState
  onWait: () => void
  onAgain: () => void
}) {
  const { error, probe, onWait, onAgain } = props
  if (error !== undefined) {
    return (
      <ErrorMessage error={error}>
        {mayBeLiveLater(error.code) && (
          <button type="button" className="link-button" data-testid="wait-button" onClick={onWait}>
            {texts.urlBar.wait}
          </button>
        )}
        {error.code === 'already_recording' && (
          <button
            type="button"
            className="link-button"
            data-testid="again-button"
            onClick={onAgain}
          >
            {texts.urlBar.again}
          </button>
        )}
      </ErrorMessage>
    )
  }
  switch (probe.kind) {
    case 'none':
    case 'failed':
      return <span className="soft">{texts.urlBar.idleHint}</span>
    case 'asking':
      return <span className="soft">{texts.urlBar.probing}</span>
    case 'found':
      return (
        <span
          data-testid="probe-summary"
          data-tone={
            probe.probe.drm === undefined && probe.probe.exportOnly !== true ? 'good' : 'warn'
          }
        >
          {probeSummary(probe.probe)}
        </span>
      )
  }
}
