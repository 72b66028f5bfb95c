import type { MenuItemConstructorOptions } from 'electron'
import type { RecordingSummary } from '../../src-preload/contract/model'
import { clockLength, isActive, stateWord, trayStatus } from './recording-status'

/** What a click in the tray menu does. */
export interface TrayActions {
  openWindow(): void
  openRecordingsFolder(): void
  stop(recording: RecordingSummary): void
  saveLast(recording: RecordingSummary, lengthSec: number): void
  quit(): void
}

const SAVE_LENGTHS = [
  { label: 'Save last 30 s', lengthSec: 30 },
  { label: 'Save last 2 min', lengthSec: 120 },
  { label: 'Save last 10 min', lengthSec: 600 },
] as const

/** Menus are no place for a paragraph. */
const MAX_TITLE = 40
/** Finished recordings stay in reach for a quick save; older ones are in the window. */
const MAX_FINISHED = 3

/** The tray menu: one row per running recording (and the newest finished ones), then the application's own rows. */
export function trayMenuTemplate(options: {
  recordings: readonly RecordingSummary[]
  actions: TrayActions
}): MenuItemConstructorOptions[] {
  const { recordings, actions } = options
  const active = recordings.filter(isActive)
  const finished = recordings
    .filter((recording) => !isActive(recording) && recording.durationSec > 0)
    .slice(0, MAX_FINISHED)
  const rows = [...active, ...finished].map((recording) => recordingRow(recording, actions))
  return [
    ...(rows.length > 0 ? rows : [{ label: 'Nothing is being recorded', enabled: false }]),
    { type: 'separator' },
    { label: 'Open window', click: () => actions.openWindow() },
    { label: 'Open recordings folder', click: () => actions.openRecordingsFolder() },
    { type: 'separator' },
    { label: 'Quit', click: () => actions.quit() },
  ]
}

function recordingRow(
  recording: RecordingSummary,
  actions: TrayActions,
): MenuItemConstructorOptions {
  const hasFootage = recording.endMs !== undefined && recording.durationSec > 0
  return {
    id: recording.id,
    label: `${shortTitle(recording.title)} – ${stateWord(recording.state)}, ${clockLength(recording.durationSec)}`,
    submenu: [
      {
        label: 'Stop',
        enabled: isActive(recording) && recording.state !== 'stopping',
        click: () => actions.stop(recording),
      },
      { type: 'separator' },
      ...SAVE_LENGTHS.map(({ label, lengthSec }) => ({
        label,
        enabled: hasFootage,
        click: () => actions.saveLast(recording, lengthSec),
      })),
    ],
  }
}

/** What the pointer sees over the icon. */
export function trayTooltip(recordings: readonly RecordingSummary[]): string {
  const active = recordings.filter(isActive)
  const [only] = active
  if (only === undefined) return 'VSR: nothing is being recorded'
  if (active.length === 1) {
    return `VSR: ${shortTitle(only.title)}, ${stateWord(only.state).toLowerCase()}, ${clockLength(only.durationSec)}`
  }
  const stalled = active.filter((recording) => recording.state === 'stalled').length
  return trayStatus(recordings) === 'trouble'
    ? `VSR: ${active.length} recordings, ${stalled} stalled`
    : `VSR: ${active.length} recordings`
}

/** Changes when rows or their states change, not when a length ticks: a menu that is open should not be replaced each second. */
export function trayMenuSignature(recordings: readonly RecordingSummary[]): string {
  return recordings
    .map(({ id, state, title, endMs }) => [id, state, title, endMs !== undefined].join(' '))
    .join('\n')
}

/** In menus `&` marks a key; `&&` is the character. Line breaks and other control characters become spaces. */
function shortTitle(title: string): string {
  const flat = title.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim()
  const cut = flat.length > MAX_TITLE ? `${flat.slice(0, MAX_TITLE - 1)}…` : flat
  return cut.replaceAll('&', '&&')
}
