import { Info, TriangleAlert, X } from 'lucide-react'
import { useEffect } from 'react'
import { useStore } from 'zustand'
import { useServices } from '../app/services-context'
import type { Toast } from '../stores/ui-store'
import { IconButton } from './icon-button'
import { texts } from './texts'

const INFO_MS = 4000
const ERROR_MS = 10_000
/** Time to see what was done, and to change one's mind. */
const OFFER_MS = 10_000

/** Short messages; they leave by themselves. */
export function Toasts() {
  const { ui } = useServices()
  const toasts = useStore(ui.store, (state) => state.toasts)
  return (
    <output className="toasts">
      {toasts.map((toast) => (
        <ToastRow key={toast.id} toast={toast} onDismiss={ui.dismiss} />
      ))}
    </output>
  )
}

function ToastRow({ toast, onDismiss }: { toast: Toast; onDismiss: (id: number) => void }) {
  const { id, tone, message, hint, action } = toast
  const calmMs = action === undefined ? INFO_MS : OFFER_MS
  useEffect(() => {
    const timer = setTimeout(() => onDismiss(id), tone === 'error' ? ERROR_MS : calmMs)
    return () => clearTimeout(timer)
  }, [id, tone, calmMs, onDismiss])
  const Icon = tone === 'error' ? TriangleAlert : Info
  return (
    <div
      className="toast"
      data-tone={tone}
      data-testid={tone === 'error' ? 'error-message' : 'toast'}
    >
      <Icon aria-hidden />
      <div>
        {message}
        {hint !== undefined && <div className="soft">{hint}</div>}
      </div>
      {action !== undefined && (
        <button
          type="button"
          className="button button-small toast-action"
          data-testid="toast-action"
          onClick={() => {
            action.run()
            onDismiss(id)
          }}
        >
          {action.label}
        </button>
      )}
      <IconButton label={texts.toast.dismiss} onClick={() => onDismiss(id)}>
        <X aria-hidden />
      </IconButton>
    </div>
  )
}
