import type { RecordingSummary } from '../../src-preload/contract/model'
import { useServices } from '../app/services-context'
import { texts } from '../ui/texts'

/** Whether the recording ends with its source, or waits for it to start again. */
export function KeepWaiting({ recording }: { recording: RecordingSummary }) {
  const { recordings, ui } = useServices()
  const { id, keepWaiting } = recording
  const change = async (next: boolean) => {
    const reply = await recordings.update({ id, keepWaiting: next })
    if (!reply.ok) ui.fail(reply.error)
  }
  return (
    <label className="field field-check">
      <input
        type="checkbox"
        data-testid="keep-waiting"
        checked={keepWaiting}
        onChange={(event) => void change(event.target.checked)}
      />
      <span>{texts.activity.keepWaiting}</span>
    </label>
  )
}
