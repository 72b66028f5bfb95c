import type { SelectionStore } from '../stores/selection-store'
import type { UndoStack } from '../stores/undo-stack'

/** A range that was marked or cleared can be undone, as long as the same recording is open. Returns the function that ends it. */
export function undoRanges(selection: SelectionStore, undo: UndoStack): () => void {
  return selection.store.subscribe((now, before) => {
    const isSame = now.recordingId === before.recordingId
    if (!isSame || (now.range === undefined) === (before.range === undefined)) return
    const { recordingId, range } = before
    undo.push(() => {
      if (selection.store.getState().recordingId !== recordingId) return
      if (range === undefined) selection.clearRange()
      else selection.setRange(range.fromMs, range.toMs)
    })
  })
}
