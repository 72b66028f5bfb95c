import type { SegmentIndex } from '../../src-main/store/model'

/** The same index, which counts how often it is asked for something. */
export function countReads(index: SegmentIndex): {
  readonly index: SegmentIndex
  /** Calls since this was asked last. */
  takeReads(): number
} {
  let reads = 0
  const counted = new Proxy(index, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name)
      if (typeof value !== 'function') return value
      return (...args: unknown[]): unknown => {
        reads += 1
        return Reflect.apply(value, target, args)
      }
    },
  })
  return {
    index: counted,
    takeReads() {
      const taken = reads
      reads = 0
      return taken
    },
  }
}
