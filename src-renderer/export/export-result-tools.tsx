import { Copy, Download, FolderOpen } from 'lucide-react'
import { useStore } from 'zustand'
import { useServices } from '../app/services-context'
import { texts } from '../ui/texts'
import { fileNameOf } from '../ui/format'

/** What can be done with a finished file, here. */
export function ExportResultTools({ jobId, file }: { jobId: string; file: string }) {
  const { exports, settings, connection, ui } = useServices()
  const canReveal = useStore(settings.store, (state) => state.system?.canRevealFiles ?? false)
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(file)
      ui.info(texts.export.copied)
    } catch {
      // The browser refuses outside secure pages, or the person said no: say what to do instead.
      ui.info(texts.export.copyFailed)
    }
  }
  const reveal = async () => {
    const reply = await exports.reveal(jobId)
    if (!reply.ok) ui.fail(reply.error)
  }
  return (
    <div className="export-tools">
      {canReveal && (
        <button type="button" className="button button-small" onClick={() => void reveal()}>
          <FolderOpen aria-hidden />
          {texts.export.reveal}
        </button>
      )}
      {!canReveal && connection.downloadUrl !== undefined && (
        <a
          className="button button-small"
          data-testid="export-download"
          href={connection.downloadUrl(jobId)}
          download={fileNameOf(file)}
        >
          <Download aria-hidden />
          {texts.export.download}
        </a>
      )}
      <button type="button" className="button button-small" onClick={() => void copy()}>
        <Copy aria-hidden />
        {texts.export.copyPath}
      </button>
    </div>
  )
}
