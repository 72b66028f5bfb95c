import type { VariantStream } from '../playlist'

/** Bit rates that are further apart by more than this factor are of two streams, whatever else they have in common. */
const MOST_APART = 1.25

const codecsOf = ({ codecs }: VariantStream) =>
  codecs
    .split(',')
    .map((codec) => codec.trim().toLowerCase())
    .toSorted()
    .join()

/** What a variant stream is (RFC 8216 4.3.4.2). Its groups may have other names elsewhere, and its bit rate is measured anew. */
const kindOf = (variant: VariantStream): string =>
  JSON.stringify([
    variant.resolution?.width,
    variant.resolution?.height,
    variant.frameRate,
    codecsOf(variant),
    variant.audioGroup === undefined,
  ])

const distance = (a: VariantStream, b: VariantStream) =>
  Math.max(a.bandwidth, b.bandwidth) / Math.max(1, Math.min(a.bandwidth, b.bandwidth))

function isSameVariant(a: VariantStream, b: VariantStream): boolean {
  if (a.stableVariantId !== undefined && b.stableVariantId !== undefined) {
    return a.stableVariantId === b.stableVariantId
  }
  return kindOf(a) === kindOf(b) && distance(a, b) <= MOST_APART
}

/** How well two streams that may be the same fit: the same group of sound first, then the nearest bit rate. */
const misfit = (a: VariantStream, b: VariantStream): number =>
  (a.audioGroup === b.audioGroup ? 0 : MOST_APART) + distance(a, b)

/**
 * The variant stream of a playlist that was loaded anew, or of another pathway, that is the known one: by its
 * STABLE-VARIANT-ID, else by resolution, codecs and frame rate; of several those with the same group of sound, of these the one
 * with the nearest bit rate.
 */
export function recognise(
  known: VariantStream,
  offered: readonly VariantStream[],
): VariantStream | undefined {
  const [best] = offered
    .filter((variant) => isSameVariant(known, variant))
    .toSorted((a, b) => misfit(known, a) - misfit(known, b))
  return best
}

/** Names for variant streams that stay when their playlist is loaded again. */
interface VariantIds {
  /** Names all streams of a playlist together: no two of them have the same. */
  take(variants: readonly VariantStream[]): ReadonlyMap<VariantStream, string>
}

export function createVariantIds(): VariantIds {
  const known: VariantStream[] = []
  return {
    take(variants) {
      const ids = new Map<VariantStream, string>()
      const taken = new Set<number>()
      const name = (variant: VariantStream, at: number) => {
        ids.set(variant, String(at))
        taken.add(at)
        known[at] = variant
      }
      const pairs = variants
        .flatMap((variant) => known.map((before, at) => ({ variant, before, at })))
        .filter(({ variant, before }) => isSameVariant(variant, before))
        .toSorted((a, b) => misfit(a.variant, a.before) - misfit(b.variant, b.before))
      for (const { variant, at } of pairs) {
        if (!ids.has(variant) && !taken.has(at)) name(variant, at)
      }
      for (const variant of variants) {
        if (!ids.has(variant)) name(variant, known.length)
      }
      return ids
    },
  }
}
