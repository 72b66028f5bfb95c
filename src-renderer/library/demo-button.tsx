import { Sparkles } from 'lucide-react'
import { useState } from 'react'
import { useServices } from '../app/services-context'
import { texts } from '../ui/texts'
import { startRecording } from './start-recording'

/** Records the built-in live source. */
export function DemoButton({ prominent = false }: { prominent?: boolean }) {
  const services = useServices()
  const [busy, setBusy] = useState(false)
  const start = async () => {
    setBusy(true)
    const error = await startRecording({ ...services, url: 'demo:', again: true })
    setBusy(false)
    if (error !== undefined) services.ui.fail(error)
  }
  return (
    <button
      type="button"
      className={prominent ? 'button button-primary button-big' : 'button button-quiet'}
      data-testid="demo-button"
      disabled={busy}
      onClick={() => void start()}
    >
      <Sparkles aria-hidden />
      {busy ? texts.urlBar.starting : texts.library.demo}
    </button>
  )
}
