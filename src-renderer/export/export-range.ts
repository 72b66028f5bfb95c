import type { Player } from '../player/player-port'
import type { ExportsStore } from '../stores/exports-store'
import type { SelectionStore, TimeRange } from '../stores/selection-store'
import type { UiStore } from '../stores/ui-store'
import { exportSound } from './export-sound'

export type CutMode = 'copy' | 'exact'

/** Starts an export of a range of the open recording and shows the queue. A failure shows as a sentence. */
export async function exportRange(options: {
  exports: ExportsStore
  selection: SelectionStore
  ui: UiStore
  player: Pick<Player, 'store'>
  range: TimeRange
  mode: CutMode
}): Promise<void> {
  const { exports, selection, ui, player, range, mode } = options
  const { recordingId } = selection.store.getState()
  if (recordingId === undefined) return
  const audio = exportSound(player.store.getState().tracks.audio, ui.store.getState().exportSound)
  const reply = await exports.create({
    recordingId,
    fromMs: Math.round(range.fromMs),
    toMs: Math.round(range.toMs),
    mode,
    ...(audio === undefined ? {} : { audio }),
  })
  if (!reply.ok) {
    ui.fail(reply.error)
    return
  }
  ui.openDrawer('exports')
}

/** The last `sec` seconds of a recording; all of it when `sec` is undefined. */
export function presetRange(
  extent: { startMs: number; endMs: number },
  sec: number | undefined,
): TimeRange {
  const fromMs = sec === undefined ? extent.startMs : extent.endMs - sec * 1000
  return { fromMs: Math.max(extent.startMs, fromMs), toMs: extent.endMs }
}
