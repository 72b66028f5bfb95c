/** Where the focus came from: keys mean the focused control's own when the keyboard put it there, else the player's. */
export interface FocusOrigin {
  pointerDown(): void
  keyDown(key: string): void
  byPointer(): boolean
}

/** Only Tab moves the focus by keyboard; other keys do not say that the person went to a control. */
export function createFocusOrigin(): FocusOrigin {
  let pointer = false
  return {
    pointerDown() {
      pointer = true
    },
    keyDown(key) {
      if (key === 'Tab') pointer = false
    },
    byPointer: () => pointer,
  }
}

/** What has the focus, as far as keys are concerned. */
export type FocusedControl = 'none' | 'text' | 'button' | 'link' | 'select' | 'slider' | 'checkbox'

/**
 * True when a key belongs to what has the focus: text is always typed; Space presses a button, arrows
 * move a slider and a list only where the keyboard went there. A click must not turn Space into
 * "once more".
 */
export function belongsToControl(options: {
  control: FocusedControl
  key: string
  byPointer: boolean
}): boolean {
  const { control, key, byPointer } = options
  if (control === 'text') return true
  if (control === 'none' || byPointer) return false
  switch (control) {
    case 'button':
    case 'checkbox':
      return key === ' '
    case 'link':
      return false
    case 'select':
      return true
    case 'slider':
      return key.startsWith('Arrow') || key === 'Home' || key === 'End'
  }
}
