import { onlyKnown, strict } from './strict'

export interface DialogView {
  readonly kind: 'error' | 'message'
  readonly title: string
  readonly message: string
  readonly detail: string
  readonly buttons: readonly string[]
  /** Index of the button that was pressed; absent while the dialog is open. */
  response?: number
}

export interface MessageBoxOptions {
  readonly title?: string
  readonly message: string
  readonly detail?: string
  readonly buttons?: readonly string[]
}

const MESSAGE_BOX_OPTIONS: ReadonlySet<string> = new Set([
  'type',
  'title',
  'message',
  'detail',
  'buttons',
  'defaultId',
  'cancelId',
])

/** https://www.electronjs.org/docs/latest/api/dialog: nobody sits before the stand-in, so specs press the buttons. */
export function createDialog() {
  const shown: DialogView[] = []
  const waiting: { view: DialogView; press: (response: number) => void }[] = []
  const api = {
    showErrorBox: (title: string, content: string) => {
      shown.push({
        kind: 'error',
        title,
        message: content,
        detail: '',
        buttons: ['OK'],
        response: 0,
      })
      console.error(`[dialog] ${title}: ${content}`)
    },
    showMessageBox: (options: MessageBoxOptions) => {
      onlyKnown('showMessageBox', options, MESSAGE_BOX_OPTIONS)
      const view: DialogView = {
        kind: 'message',
        title: options.title ?? '',
        message: options.message,
        detail: options.detail ?? '',
        buttons: options.buttons ?? ['OK'],
      }
      shown.push(view)
      return new Promise<{ response: number; checkboxChecked: boolean }>((resolve) => {
        const press = (response: number) => {
          view.response = response
          resolve({ response, checkboxChecked: false })
        }
        waiting.push({ view, press })
      })
    },
  }
  return {
    api: strict('dialog', api),
    shown: () => shown,
    /** Presses a button of the oldest dialog that is open. */
    press: (button: string) => {
      const open = waiting[0]
      const index = open?.view.buttons.indexOf(button) ?? -1
      if (open === undefined || index === -1)
        throw new Error(`no open dialog has a button ${button}`)
      waiting.shift()
      open.press(index)
    },
  }
}
