/** A rendered stretch of a playlist. */
export interface RenderedBlock {
  readonly text: Buffer
  /** Longest segment in it, seconds; 0 where it has none. */
  readonly longestSec: number
}

/** Rendered stretches of playlists, the least recently used dropped first. */
export interface BlockCache {
  get(key: string): RenderedBlock | undefined
  put(key: string, block: RenderedBlock): void
}

/** A cache that never holds more than `limitBytes` of text. */
export function createBlockCache(options: { readonly limitBytes: number }): BlockCache {
  const blocks = new Map<string, RenderedBlock>()
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
      heldBytes += block.text.byteLength - (blocks.get(key)?.text.byteLength ?? 0)
      blocks.delete(key)
      blocks.set(key, block)
      for (const [oldest, held] of blocks) {
        if (heldBytes <= options.limitBytes) break
        blocks.delete(oldest)
        heldBytes -= held.text.byteLength
      }
    },
  }
}
