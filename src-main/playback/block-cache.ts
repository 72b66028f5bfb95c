/** Rendered stretches of playlists, the least recently used dropped first. */
export interface BlockCache {
  get(key: string): Buffer | undefined
  put(key: string, block: Buffer): void
}

/** A cache that never holds more than `limitBytes`. */
export function createBlockCache(options: { readonly limitBytes: number }): BlockCache {
  const blocks = new Map<string, Buffer>()
  let heldBytes = 0
  return {
    get(key) {
      const block = blocks.get(key)
      if (block === undefined) return undefined
      blocks.delete(key)
      blocks.set(key, block)
      return block
    },
    put(key, block) {
      heldBytes += block.byteLength - (blocks.get(key)?.byteLength ?? 0)
      blocks.delete(key)
      blocks.set(key, block)
      for (const [oldest, held] of blocks) {
        if (heldBytes <= options.limitBytes) break
        blocks.delete(oldest)
        heldBytes -= held.byteLength
      }
    },
  }
}
