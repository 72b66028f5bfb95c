import { useEffect } from 'react'
import { exportRange } from '../export/export-range'
import { toggleFullscreen } from '../player/fullscreen'
import { belongsToControl, createFocusOrigin, type FocusedControl } from './focus-origin'
import { type KeyCommand, commandOf, markRange } from './keys'
import { texts } from '../ui/texts'
import type { Services } from './services'
import { useServices } from './services-context'

/** Listens to the page's keys, and to links that are pasted anywhere. */
export function useKeyboard(): void {
  const services = useServices()
  useEffect(() => {
    const origin = createFocusOrigin()
    const onKey = (event: KeyboardEvent) => {
      origin.keyDown(event.key)
      if (event.defaultPrevented || isDialogOpen()) return
      const command = commandOf(event)
      const control = controlOf(event.target)
      const byPointer = origin.byPointer()
      if (command === undefined || belongsToControl({ control, key: event.key, byPointer })) return
      event.preventDefault()
      // The list of keys gives the focus back by itself.
      if (control !== 'none' && command.type !== 'shortcuts') giveBackFocus()
      run(command, services)
    }
    const onPointerDown = () => origin.pointerDown()
    // A control that was only pointed at keeps no focus: Enter must not press it again.
    const onClick = (event: MouseEvent) => {
      const control = controlOf(document.activeElement)
      const pressed = control === 'button' || control === 'link' || control === 'checkbox'
      if (event.detail > 0 && pressed && !isDialogOpen()) giveBackFocus()
    }
    const onChange = (event: Event) => {
      if (origin.byPointer() && controlOf(event.target) === 'select') giveBackFocus()
    }
    const onPaste = (event: ClipboardEvent) => {
      if (controlOf(event.target) === 'text' || isDialogOpen()) return
      const text = event.clipboardData?.getData('text/plain').trim() ?? ''
      if (text === '') return
      event.preventDefault()
      services.ui.store.setState({ urlText: text.slice(0, 8192) })
      document.querySelector<HTMLInputElement>('[data-testid="url-input"]')?.focus()
    }
    const listening = new AbortController()
    const { signal } = listening
    window.addEventListener('keydown', onKey, { signal })
    window.addEventListener('paste', onPaste, { signal })
    window.addEventListener('pointerdown', onPointerDown, { capture: true, signal })
    window.addEventListener('click', onClick, { capture: true, signal })
    window.addEventListener('change', onChange, { capture: true, signal })
    return () => listening.abort()
  }, [services])
}

function run(command: KeyCommand, services: Services): void {
  const { player, selection, view, ui } = services
  switch (command.type) {
    case 'toggle-play':
      return player.togglePlay()
    case 'rate':
      return player.stepRate(command.direction)
    case 'seek-by':
      return player.seekBySec(command.sec)
    case 'mark-in':
      return mark('in', services)
    case 'mark-out':
      return mark('out', services)
    case 'export': {
      const { range, typed } = selection.store.getState()
      if (range !== undefined && typed === undefined)
        void exportRange({ ...services, range, mode: ui.store.getState().cutMode })
      return
    }
    case 'to-start':
      return player.toStart()
    case 'go-live':
      view.follow()
      return player.goLive()
    case 'fullscreen':
      return toggleFullscreen()
    case 'zoom-to-range': {
      const { range } = selection.store.getState()
      if (range !== undefined) view.zoomTo(range)
      return
    }
    case 'shortcuts':
      ui.store.setState({ shortcutsOpen: true })
      return
    case 'escape':
      escape(services)
      return
    case 'undo':
      return services.undo.undo()
  }
}

/** One thing at a time: the range with what was typed for it, then the drawer. */
function escape({ selection, ui }: Services): void {
  const { range, typed } = selection.store.getState()
  if (range !== undefined || typed !== undefined) selection.clearRange()
  else ui.closeDrawer()
}

function mark(end: 'in' | 'out', { player, selection, timeline, ui }: Services): void {
  const atMs = player.playhead.ms()
  const extent = timeline.store.getState().timeline
  if (atMs === undefined || extent === undefined) return
  const { range } = selection.store.getState()
  const marked = markRange({ end, atMs, range, extent })
  selection.setRange(marked.fromMs, marked.toMs)
  if (marked.moved) {
    ui.info(end === 'in' ? texts.timeline.otherEndMoved : texts.timeline.otherEndMovedBack)
  }
}

function controlOf(target: EventTarget | null): FocusedControl {
  if (!(target instanceof HTMLElement)) return 'none'
  if (target.isContentEditable || target instanceof HTMLTextAreaElement) return 'text'
  if (target instanceof HTMLSelectElement) return 'select'
  if (target instanceof HTMLButtonElement) return 'button'
  if (target instanceof HTMLAnchorElement) return 'link'
  if (!(target instanceof HTMLInputElement)) return 'none'
  if (target.type === 'range') return 'slider'
  return target.type === 'checkbox' ? 'checkbox' : 'text'
}

function giveBackFocus(): void {
  if (document.activeElement instanceof HTMLElement) document.activeElement.blur()
}

function isDialogOpen(): boolean {
  return document.querySelector('[role="dialog"], [role="alertdialog"]') !== null
}
