import { CloudUpload } from 'lucide-react'
import { useStore } from 'zustand'
import type { Reply } from '../../src-preload/contract/transport'
import type { UploadJob } from '../../src-preload/contract/upload'
import { useServices } from '../app/services-context'
import { uploadOf } from '../stores/uploads-store'
import { ErrorMessage } from '../ui/error-message'
import { PathText } from '../ui/path-text'
import { texts } from '../ui/texts'

/** How far the upload of a finished export is; a button to begin one where the settings say where to. */
export function UploadState({ jobId, hasFile }: { jobId: string; hasFile: boolean }) {
  const { uploads, settings, ui } = useServices()
  const upload = useStore(uploads.store, (state) => uploadOf(state, jobId))
  const hasPlace = useStore(settings.store, (state) => (state.settings?.uploadTo ?? '') !== '')
  const ask = async (asked: Promise<Reply<UploadJob>>) => {
    const reply = await asked
    if (!reply.ok) ui.fail(reply.error)
  }
  if (upload === undefined || upload.state === 'cancelled') {
    if (!hasPlace || !hasFile) return null
    const begin = () =>
      void ask(upload === undefined ? uploads.create(jobId) : uploads.retry(upload.uploadId))
    return (
      <button type="button" className="button button-small" data-testid="upload" onClick={begin}>
        <CloudUpload aria-hidden />
        {texts.upload.button}
      </button>
    )
  }
  return (
    <div className="export-upload" data-testid="upload-state" data-state={upload.state}>
      <UploadFigures
        upload={upload}
        onCancel={() => void ask(uploads.cancel(upload.uploadId))}
        onRetry={() => void ask(uploads.retry(upload.uploadId))}
      />
    </div>
  )
}

function UploadFigures(props: { upload: UploadJob; onCancel: () => void; onRetry: () => void }) {
  const { upload, onCancel, onRetry } = props
  const { state, percent, trouble, error, address, localRemoved } = upload
  if (state === 'done') {
    return (
      <>
        <div data-tone="good">
          {localRemoved === true ? texts.upload.doneAndRemoved : texts.upload.done}
        </div>
        {address !== undefined && <PathText path={address} />}
      </>
    )
  }
  if (state === 'failed') {
    return (
      <ErrorMessage error={error ?? { code: 'internal', message: texts.upload.failed }}>
        <button type="button" className="button button-small" onClick={onRetry}>
          {texts.upload.retry}
        </button>
      </ErrorMessage>
    )
  }
  const words = state === 'queued' ? texts.upload.queued : texts.upload.running
  return (
    <>
      <progress max={100} value={percent} aria-label={words} />
      <div className="figures">
        <span>{words}</span>
        <span>{Math.floor(percent)} %</span>
        <button type="button" className="button button-small" onClick={onCancel}>
          {texts.upload.cancel}
        </button>
      </div>
      {trouble !== undefined && (
        <div data-tone="warn">
          {trouble.message} {texts.upload.triedAgain}
        </div>
      )}
    </>
  )
}
