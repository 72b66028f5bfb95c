import type { LowestQuality } from '../../../src-preload/contract/model'
import type { MultivariantPlaylist, VariantStream } from '../playlist'

/** Switching between kinds of video codecs asks more of players than another size: the ladder keeps to one. */
const videoFormat = ({ codecs }: VariantStream): string =>
  /\b(avc|hvc|hev|av01|vp0?8|vp0?9|dvh)/i.exec(codecs)?.[1]?.toLowerCase() ?? ''

const heightOf = (variant: VariantStream) => variant.resolution?.height

function isAllowed(variant: VariantStream, lowest: LowestQuality): boolean {
  if (lowest === 'worst') return true
  const height = heightOf(variant)
  return height !== undefined && height >= Number.parseInt(lowest, 10)
}

/** True where a variant stream can stand in for the chosen one: a lower bit rate, no larger picture, sound from the same place. */
function isBelow(variant: VariantStream, chosen: VariantStream): boolean {
  const height = heightOf(variant)
  const chosenHeight = heightOf(chosen)
  return (
    variant.bandwidth > 0 &&
    variant.bandwidth < chosen.bandwidth &&
    (height === undefined) === (chosenHeight === undefined) &&
    (height ?? 0) <= (chosenHeight ?? 0) &&
    videoFormat(variant) === videoFormat(chosen) &&
    (variant.audioGroup === undefined) === (chosen.audioGroup === undefined)
  )
}

/**
 * The variant streams that may be recorded, from the chosen one down to the lowest that the person allows.
 * `off` = the chosen one only.
 */
export function qualityLadder(
  playlist: MultivariantPlaylist,
  chosen: VariantStream,
  lowest: LowestQuality,
): readonly VariantStream[] {
  if (lowest === 'off') return [chosen]
  const below = playlist.variants
    .filter((variant) => isBelow(variant, chosen) && isAllowed(variant, lowest))
    .toSorted((a, b) => b.bandwidth - a.bandwidth)
  return [chosen, ...below.filter((variant, at) => variant.bandwidth !== below[at - 1]?.bandwidth)]
}
