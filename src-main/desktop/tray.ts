import path from 'node:path'
import { Menu, Tray } from 'electron'
import type { RecordingSummary } from '../../src-preload/contract/model'
import { trayStatus } from './recording-status'
import { type TrayActions, trayMenuSignature, trayMenuTemplate, trayTooltip } from './tray-menu'
import type { Watch } from './watch'

/** How often the lengths in the menu are brought up to date while nothing else changes. */
const LENGTHS_EVERY_MS = 5000

/** The tray icon: state at a glance, one menu row per recording. Returns the function that removes it. */
export function createTray(options: {
  iconsDir: string
  watch: Watch
  actions: TrayActions
}): () => void {
  const { iconsDir, watch, actions } = options
  const iconOf = (recordings: readonly RecordingSummary[]) =>
    path.join(iconsDir, `tray-${trayStatus(recordings)}.png`)

  let shownIcon = iconOf(watch.recordings())
  let shownSignature: string | undefined
  let timer: NodeJS.Timeout | undefined
  const tray = new Tray(shownIcon)

  const render = () => {
    clearTimeout(timer)
    timer = undefined
    const recordings = watch.recordings()
    const icon = iconOf(recordings)
    if (icon !== shownIcon) tray.setImage(icon)
    shownIcon = icon
    shownSignature = trayMenuSignature(recordings)
    tray.setToolTip(trayTooltip(recordings))
    tray.setContextMenu(Menu.buildFromTemplate(trayMenuTemplate({ recordings, actions })))
  }

  render()
  tray.on('click', () => {
    actions.openWindow()
  })
  const stopWatching = watch.onChange(() => {
    if (trayMenuSignature(watch.recordings()) !== shownSignature) render()
    else timer ??= setTimeout(render, LENGTHS_EVERY_MS)
  })
  return () => {
    stopWatching()
    clearTimeout(timer)
    tray.destroy()
  }
}
