/** Calls the listeners for the events they are named after; returns the function that ends it. */
export function listenTo(
  target: EventTarget,
  listeners: Readonly<Record<string, () => void>>,
): () => void {
  for (const [name, listener] of Object.entries(listeners)) target.addEventListener(name, listener)
  return () => {
    for (const [name, listener] of Object.entries(listeners)) {
      target.removeEventListener(name, listener)
    }
  }
}
