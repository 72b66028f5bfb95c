import { describe, expect, it } from 'vitest'
import { undoRanges } from '../../../../src-renderer/app/undo-ranges'
import { createSelectionStore } from '../../../../src-renderer/stores/selection-store'
import { createUndoStack } from '../../../../src-renderer/stores/undo-stack'

describe('undo', () => {
  it('takes back the last step first, each once, and remembers a bounded number', () => {
    const { push, undo } = createUndoStack()
    const done: number[] = []
    for (let step = 0; step < 30; step += 1) push(() => done.push(step))
    for (let time = 0; time < 40; time += 1) undo()
    expect(done).toEqual(Array.from({ length: 20 }, (_, at) => 29 - at))
  })

  it('a range that was cleared comes back, one that was marked goes; not in another recording', () => {
    const selection = createSelectionStore()
    const undo = createUndoStack()
    undoRanges(selection, undo)
    const rangeNow = () => selection.store.getState().range
    selection.select('rec00001')
    selection.setRange(1, 5)
    selection.setRange(2, 5)
    selection.clearRange()
    undo.undo()
    expect(rangeNow()).toEqual({ fromMs: 2, toMs: 5 })
    undo.undo()
    expect(rangeNow()).toBeUndefined()
    undo.undo()
    expect(rangeNow()).toBeUndefined()
    selection.setRange(1, 5)
    selection.clearRange()
    selection.select('rec00002')
    undo.undo()
    expect(rangeNow()).toBeUndefined()
  })
})
