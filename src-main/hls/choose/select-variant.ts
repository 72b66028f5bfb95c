import { VsrError } from '../../../src-preload/contract/errors'
import type { Quality } from '../../../src-preload/contract/model'
import type { MultivariantPlaylist, VariantStream } from '../playlist'

/** RFC 6381 names of audio formats in variant streams. */
const audioCodec = /^(?:mp4a|ac-3|ec-3|ac-4|opus|flac|alac|mp3|dts)/i

/** True for an RFC 6381 name of an audio format. */
export const isAudioCodec = (codec: string): boolean => audioCodec.test(codec.trim())

function isAudioOnly(variant: VariantStream): boolean {
  if (variant.resolution !== undefined || variant.codecs === '') return false
  return variant.codecs.split(',').every(isAudioCodec)
}

const heightOf = (variant: VariantStream): number => variant.resolution?.height ?? 0

/** Higher picture first, then the higher frame rate where the bit rate does not tell, then the higher bit rate. */
function compareQuality(a: VariantStream, b: VariantStream): number {
  return (
    heightOf(a) - heightOf(b) ||
    a.bandwidth - b.bandwidth ||
    (a.frameRate ?? 0) - (b.frameRate ?? 0)
  )
}

/** `candidates` go from the lowest to the highest quality and are not empty. */
function pick(candidates: readonly VariantStream[], quality: Quality): VariantStream | undefined {
  if (quality === 'best') return candidates.at(-1)
  if (quality === 'worst') return candidates[0]
  const limit = Number.parseInt(quality, 10)
  if (quality.endsWith('p')) {
    const sized = candidates.filter((variant) => heightOf(variant) > 0)
    const lowestAbove = sized[0]
    return (
      sized.findLast((variant) => heightOf(variant) <= limit) ??
      // All of the lowest height that there is: the best of these.
      (lowestAbove === undefined
        ? candidates.at(-1)
        : sized.findLast((variant) => heightOf(variant) === heightOf(lowestAbove)))
    )
  }
  const byBandwidth = candidates.toSorted((a, b) => a.bandwidth - b.bandwidth)
  return byBandwidth.findLast((variant) => variant.bandwidth <= limit) ?? byBandwidth[0]
}

/**
 * Chooses the variant stream to record. `best`, `worst`; `720p` = the best of at most that height, else the lowest above it;
 * a number = the highest bit rate (bits per second) that is not above it, else the lowest there is. Sound without
 * picture only where there is nothing else.
 * @throws VsrError `no_matching_variant` where the playlist lists no variant stream.
 */
export function selectVariant(playlist: MultivariantPlaylist, quality: Quality): VariantStream {
  const withPicture = playlist.variants.filter((variant) => !isAudioOnly(variant))
  const candidates = withPicture.length > 0 ? withPicture : playlist.variants
  const variant = pick(candidates.toSorted(compareQuality), quality)
  if (variant === undefined) {
    throw new VsrError('no_matching_variant', 'The playlist offers no stream that can be recorded.')
  }
  return variant
}
