import { useEffect } from 'react'
import { exportRange } from '../export/export-range'
import { toggleFullscreen } from '../player/fullscreen'
import { type KeyCommand, commandOf, markRange } from './keys'
import type { Services } from './services'
import { useServices } from './services-context'

/** Listens to the page's keys, and to links that are pasted anywhere. */
export function useKeyboard(): void {
  const services = useServices()
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || isTyping(event.target) || isDialogOpen()) return
      const command = commandOf(event)
      if (command === undefined || belongsToControl(event)) return
      event.preventDefault()
      run(command, services)
    }
    const onPaste = (event: ClipboardEvent) => {
      if (isTyping(event.target) || isDialogOpen()) return
      const text = event.clipboardData?.getData('text/plain').trim() ?? ''
      if (text === '') return
      event.preventDefault()
      services.ui.store.setState({ urlText: text.slice(0, 8192) })
      document.querySelector<HTMLInputElement>('[data-testid="url-input"]')?.focus()
    }
    window.addEventListener('keydown', onKey)
    window.addEventListener('paste', onPaste)
    return () => {
      window.removeEventListener('keydown', onKey)
      window.removeEventListener('paste', onPaste)
    }
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
      const { range } = selection.store.getState()
      if (range !== undefined)
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
      if (selection.store.getState().range !== undefined) selection.clearRange()
      else ui.closeDrawer()
      return
  }
}

function mark(end: 'in' | 'out', { player, selection, timeline }: Services): void {
  const atMs = player.playhead.ms()
  const extent = timeline.store.getState().timeline
  if (atMs === undefined || extent === undefined) return
  const { range } = selection.store.getState()
  const marked = markRange({ end, atMs, range, extent })
  selection.setRange(marked.fromMs, marked.toMs)
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable ||
      target instanceof HTMLTextAreaElement ||
      target instanceof HTMLSelectElement ||
      (target instanceof HTMLInputElement && target.type !== 'checkbox' && target.type !== 'range'))
  )
}

/** Space and Enter press the button that has the focus; arrows move a slider. */
function belongsToControl(event: KeyboardEvent): boolean {
  const { target, key } = event
  if (target instanceof HTMLButtonElement || target instanceof HTMLAnchorElement) return key === ' '
  return target instanceof HTMLInputElement && (key === ' ' || key.startsWith('Arrow'))
}

function isDialogOpen(): boolean {
  return document.querySelector('[role="dialog"], [role="alertdialog"]') !== null
}
