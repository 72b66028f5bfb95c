import type { ExportJob } from '../../src-preload/contract/model'
import { useStore } from 'zustand'
import { useServices } from '../app/services-context'
import { uploadOf } from '../stores/uploads-store'
import { ErrorMessage } from '../ui/error-message'
import { formatBytes, formatClock, formatSpan } from '../ui/format'
import { PathText } from '../ui/path-text'
import { texts } from '../ui/texts'
import { ExportResultTools } from './export-result-tools'
import { resultNotes } from './result-notes'
import { UploadState } from './upload-state'

/** One export: how far it is, or what came of it. */
export function ExportRow({ job }: { job: ExportJob }) {
  const { exports, uploads, ui } = useServices()
  const isAway = useStore(
    uploads.store,
    (state) => uploadOf(state, job.jobId)?.localRemoved === true,
  )
  const hasFile = job.fileMissing !== true && !isAway
  const active = job.state === 'queued' || job.state === 'running'
  const cancel = async () => {
    const reply = await exports.cancel(job.jobId)
    if (!reply.ok) ui.fail(reply.error)
  }
  return (
    <li className="export-row" data-testid="export-row" data-id={job.jobId} data-state={job.state}>
      <div className="export-title">{job.title}</div>
      <div className="figures">
        <span>
          {formatClock(job.fromMs)} – {formatClock(job.toMs)}
        </span>
        <span>{formatSpan((job.toMs - job.fromMs) / 1000)}</span>
        <span>{texts.export.modes[job.result?.mode ?? job.mode]}</span>
        {job.sound !== undefined && <span>{texts.export.withSound(job.sound)}</span>}
        <span data-tone={toneOf(job.state)}>{texts.export.states[job.state]}</span>
      </div>
      {active && (
        <>
          <progress max={100} value={job.percent} aria-label={texts.export.states[job.state]} />
          <div className="figures">
            <span>{Math.floor(job.percent)} %</span>
            {job.speed !== undefined && <span>{texts.export.speed(job.speed.toFixed(1))}</span>}
            {job.etaSec !== undefined && <span>{texts.export.eta(formatSpan(job.etaSec))}</span>}
            <button type="button" className="button button-small" onClick={() => void cancel()}>
              {texts.export.cancel}
            </button>
          </div>
        </>
      )}
      {job.result !== undefined && (
        <>
          {!isAway && (
            <div className="export-file" data-testid="export-file">
              <PathText path={job.result.file} />
            </div>
          )}
          <div className="figures">
            <span>{formatSpan(job.result.durationSec)}</span>
            <span>{formatBytes(job.result.bytes)}</span>
          </div>
          <div className="soft">{resultNotes(job, job.result).join(' · ')}</div>
          {hasFile && <ExportResultTools jobId={job.jobId} file={job.result.file} />}
          {job.fileMissing === true && !isAway && (
            <div data-tone="warn" data-testid="export-missing">
              {texts.export.fileMissing}
            </div>
          )}
          <UploadState jobId={job.jobId} hasFile={hasFile} />
        </>
      )}
      {job.error !== undefined && job.state === 'failed' && <ErrorMessage error={job.error} />}
    </li>
  )
}

function toneOf(state: ExportJob['state']): string | undefined {
  if (state === 'done') return 'good'
  return state === 'failed' ? 'bad' : undefined
}
