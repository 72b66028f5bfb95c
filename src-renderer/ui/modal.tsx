import * as Dialog from '@radix-ui/react-dialog'
import { X } from 'lucide-react'
import { type ReactNode, useRef } from 'react'
import { type Opener, openerNow } from './opener'
import { texts } from './texts'

/**
 * A dialog in the middle: focus stays inside, Escape closes and gives it back to what opened it. The scrim is a plain element: Radix's own
 * overlay would put a style element into the page, which the CSP forbids.
 */
export function Modal(props: {
  open: boolean
  title: string
  onClose: () => void
  children: ReactNode
}) {
  const opener = useRef<Opener>(undefined)
  return (
    <Dialog.Root open={props.open} onOpenChange={(open) => !open && props.onClose()}>
      <Dialog.Portal>
        <div className="scrim" aria-hidden />
        <Dialog.Content
          className="modal"
          aria-describedby={undefined}
          onOpenAutoFocus={() => {
            opener.current = openerNow()
          }}
          onCloseAutoFocus={() => opener.current?.giveBack()}
        >
          <div className="modal-head">
            <Dialog.Title>{props.title}</Dialog.Title>
            <Dialog.Close className="icon-button" aria-label={texts.drawer.close}>
              <X aria-hidden />
            </Dialog.Close>
          </div>
          {props.children}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
