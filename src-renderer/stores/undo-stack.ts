/** Steps that can be taken back, the last one first. */
export interface UndoStack {
  /** @param back takes the step back; called at most once. While one is taken back, what is pushed is forgotten. */
  push(back: () => void): void
  /** Takes the last step back; nothing happens where there is none. */
  undo(): void
}

/** More than a person remembers. */
const MOST_STEPS = 20

export function createUndoStack(): UndoStack {
  let steps: readonly (() => void)[] = []
  let undoing = false
  return {
    push(back) {
      if (!undoing) steps = [...steps, back].slice(-MOST_STEPS)
    },
    undo() {
      const last = steps.at(-1)
      steps = steps.slice(0, -1)
      undoing = true
      try {
        last?.()
      } finally {
        undoing = false
      }
    },
  }
}
