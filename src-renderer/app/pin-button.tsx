import { Pin, PinOff } from 'lucide-react'
import type { RecordingSummary } from '../../src-preload/contract/model'
import { IconButton } from '../ui/icon-button'
import { texts } from '../ui/texts'
import { useServices } from './services-context'

/** Whether the recording stays, whatever makes room. */
export function PinButton({ recording }: { recording: RecordingSummary }) {
  const { recordings, ui } = useServices()
  const { id, pinned } = recording
  const change = async () => {
    const reply = await recordings.pin(id, !pinned)
    if (!reply.ok) ui.fail(reply.error)
  }
  const Icon = pinned ? PinOff : Pin
  return (
    <IconButton
      label={pinned ? texts.pins.unpin : texts.pins.pin}
      pressed={pinned}
      testId="pin-button"
      onClick={() => void change()}
    >
      <Icon aria-hidden />
    </IconButton>
  )
}
