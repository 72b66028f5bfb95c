import type { VariantStream } from '../playlist'

const bitRate = ({ bandwidth }: VariantStream) => `${(bandwidth / 1e6).toFixed(1)} Mbit/s`

/** What people call a variant stream: `720p`; by its bit rate as well where others have the same height, or instead where it has none. */
export function variantName(variant: VariantStream, all: readonly VariantStream[]): string {
  const height = variant.resolution?.height
  if (height === undefined) return bitRate(variant)
  const isOnly = all.filter(({ resolution }) => resolution?.height === height).length < 2
  return isOnly ? `${height}p` : `${height}p, ${bitRate(variant)}`
}
