/** What a key asks for. */
export type KeyCommand =
  | { readonly type: 'toggle-play' }
  | { readonly type: 'rate'; readonly direction: 1 | -1 }
  | { readonly type: 'seek-by'; readonly sec: number }
  | { readonly type: 'mark-in' }
  | { readonly type: 'mark-out' }
  | { readonly type: 'export' }
  | { readonly type: 'to-start' }
  | { readonly type: 'go-live' }
  | { readonly type: 'fullscreen' }
  | { readonly type: 'zoom-to-range' }
  | { readonly type: 'shortcuts' }
  | { readonly type: 'escape' }
  | { readonly type: 'undo' }

/** The part of a KeyboardEvent that decides. */
export interface KeyPress {
  readonly key: string
  readonly shiftKey: boolean
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly altKey: boolean
}

const BY_KEY: Readonly<Record<string, KeyCommand>> = {
  ' ': { type: 'toggle-play' },
  k: { type: 'toggle-play' },
  j: { type: 'rate', direction: -1 },
  l: { type: 'rate', direction: 1 },
  i: { type: 'mark-in' },
  o: { type: 'mark-out' },
  e: { type: 'export' },
  home: { type: 'to-start' },
  end: { type: 'go-live' },
  f: { type: 'fullscreen' },
  z: { type: 'zoom-to-range' },
  '?': { type: 'shortcuts' },
  escape: { type: 'escape' },
}

/** The command for a key, if any. Keys with Ctrl, Cmd or Alt belong to the browser, but for the one that everybody knows. */
export function commandOf(press: KeyPress): KeyCommand | undefined {
  if (isUndo(press)) return { type: 'undo' }
  if (press.ctrlKey || press.metaKey || press.altKey) return undefined
  const key = press.key.toLowerCase()
  const step = press.shiftKey ? 10 : 1
  if (key === 'arrowleft') return { type: 'seek-by', sec: -step }
  if (key === 'arrowright') return { type: 'seek-by', sec: step }
  return Object.hasOwn(BY_KEY, key) ? BY_KEY[key] : undefined
}

const isUndo = ({ key, ctrlKey, metaKey, shiftKey, altKey }: KeyPress): boolean =>
  key.toLowerCase() === 'z' && ctrlKey !== metaKey && !shiftKey && !altKey

/**
 * The range after `I` or `O` at `atMs`: the other end stays where it makes sense, else goes to the end
 * of the footage; `moved` says that it had been elsewhere.
 */
export function markRange(options: {
  end: 'in' | 'out'
  atMs: number
  range: { fromMs: number; toMs: number } | undefined
  extent: { startMs: number; endMs: number }
}): { fromMs: number; toMs: number; moved: boolean } {
  const { end, atMs, range, extent } = options
  if (end === 'in') {
    const moved = range !== undefined && range.toMs <= atMs
    return { fromMs: atMs, toMs: moved ? extent.endMs : (range?.toMs ?? extent.endMs), moved }
  }
  const moved = range !== undefined && range.fromMs >= atMs
  return { fromMs: moved ? extent.startMs : (range?.fromMs ?? extent.startMs), toMs: atMs, moved }
}
