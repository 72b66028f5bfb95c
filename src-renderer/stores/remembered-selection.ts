const STORAGE_KEY = 'vsr-open-recording'

/** Which recording was open, kept for reloads of this tab. */
export function createRememberedSelection(options: {
  storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>
}): { id(): string | undefined; set(id: string | undefined): void } {
  const { storage } = options
  return {
    id: () => storage.getItem(STORAGE_KEY) ?? undefined,
    set(id) {
      if (id === undefined) storage.removeItem(STORAGE_KEY)
      else storage.setItem(STORAGE_KEY, id)
    },
  }
}
