import { Pin, X } from 'lucide-react'
import type { RecordingDetail } from '../../src-preload/contract/model'
import { useServices } from '../app/services-context'
import { stretchText } from '../timeline/tip-text'
import { IconButton } from '../ui/icon-button'
import { texts } from '../ui/texts'

/** Stretches that stay, whatever makes room; a click goes to the start of one. */
export function PinList({ detail }: { detail: RecordingDetail }) {
  const { recordings, player, ui } = useServices()
  const unpin = async (spanId: string) => {
    const reply = await recordings.unpinSpan(detail.id, spanId)
    if (!reply.ok) ui.fail(reply.error)
  }
  return (
    <ul className="stretch-list" data-testid="pin-list">
      {detail.pinnedSpans.map((span) => (
        <li key={span.id} className="pin-row">
          <button
            type="button"
            className="stretch-row"
            onClick={() => player.seekToMs(span.fromMs)}
          >
            <Pin className="pin-mark" aria-hidden />
            <span>
              {span.name ?? stretchText(span)}
              {span.name !== undefined && (
                <span className="soft stretch-detail">{stretchText(span)}</span>
              )}
            </span>
          </button>
          <IconButton label={texts.pins.unpinSpan} onClick={() => void unpin(span.id)}>
            <X aria-hidden />
          </IconButton>
        </li>
      ))}
    </ul>
  )
}
