import { isWanted, languagesOf } from './language-match'
import type { Playlist, Rendition, VariantStream } from '../playlist'
import { selectAudio, selectSubtitles } from './select-renditions'
import { selectVariant } from './select-variant'
import { variantName } from './variant-name'

/** Something that was asked for and that the source does not offer. */
export interface UnmetWish {
  readonly about: 'quality' | 'audio' | 'subtitles'
  readonly wanted: string
  /** What there is; empty where the source does not say. */
  readonly offered: readonly string[]
  /** What is recorded instead; empty for nothing. */
  readonly instead: string
}

interface Choice {
  readonly quality: string
  readonly audio: string
  readonly subtitles: string
}

/** Words that any source fulfils. */
const ANY_AUDIO = new Set(['default', 'all'])
const ANY_SUBTITLES = new Set(['none', 'all'])
const LONGEST_LIST = 20

/** What of a person's choice a source cannot fulfil, and what is recorded instead. Pure. */
export function unmetWishes(playlist: Playlist, choice: Choice): readonly UnmetWish[] {
  if (playlist.kind === 'media') return unmetByOneStream(choice)
  const variant = selectVariant(playlist, choice.quality)
  const inGroup = (type: Rendition['type'], groupId: string | undefined) =>
    playlist.renditions.filter(
      (rendition) => rendition.type === type && rendition.groupId === groupId,
    )
  const { separate, inside } = selectAudio(playlist, variant, choice.audio)
  const audio = unmetLanguages({
    about: 'audio',
    choice: choice.audio,
    any: ANY_AUDIO,
    offered: inGroup('AUDIO', variant.audioGroup),
    recorded: separate.length > 0 ? separate : inside === undefined ? [] : [inside],
  })
  const subtitles = unmetLanguages({
    about: 'subtitles',
    choice: choice.subtitles,
    any: ANY_SUBTITLES,
    offered: inGroup('SUBTITLES', variant.subtitlesGroup),
    recorded: selectSubtitles(playlist, variant, choice.subtitles),
  })
  return [...unmetQuality(playlist.variants, variant, choice.quality), ...audio, ...subtitles]
}

function unmetQuality(
  variants: readonly VariantStream[],
  taken: VariantStream,
  quality: string,
): UnmetWish[] {
  const limit = Number.parseInt(quality, 10)
  const isMet = quality.endsWith('p')
    ? variants.some(({ resolution }) => resolution?.height === limit)
    : Number.isNaN(limit) || variants.some(({ bandwidth }) => bandwidth <= limit)
  if (isMet) return []
  const best = variants.toSorted((a, b) => b.bandwidth - a.bandwidth)
  const offered = [...new Set(best.map((variant) => variantName(variant, variants)))]
  const instead = variantName(taken, variants)
  return [{ about: 'quality', wanted: quality, offered: offered.slice(0, LONGEST_LIST), instead }]
}

function unmetLanguages(options: {
  about: 'audio' | 'subtitles'
  choice: string
  any: ReadonlySet<string>
  offered: readonly Rendition[]
  recorded: readonly Rendition[]
}): UnmetWish[] {
  const { about, choice, any, offered, recorded } = options
  if (any.has(choice.toLowerCase())) return []
  const missing = choice
    .split(',')
    .map((language) => language.trim())
    .filter((tag) => !offered.some(({ language }) => isWanted(language, languagesOf(tag))))
  if (missing.length === 0) return []
  const names = [...new Set(offered.map(nameOf))].slice(0, LONGEST_LIST)
  const instead = recorded.map(nameOf).join(', ')
  return [{ about, wanted: missing.join(', '), offered: names, instead }]
}

const nameOf = ({ name, language }: Rendition): string =>
  (language === undefined || language === name ? name : `${name} (${language})`).slice(0, 100)

/** A media playlist alone says nothing of what is in it. */
function unmetByOneStream({ quality, audio, subtitles }: Choice): UnmetWish[] {
  const wishes: [UnmetWish['about'], string, boolean][] = [
    ['quality', quality, /\d/.test(quality)],
    ['audio', audio, !ANY_AUDIO.has(audio.toLowerCase())],
    ['subtitles', subtitles, !ANY_SUBTITLES.has(subtitles.toLowerCase())],
  ]
  return wishes.flatMap(([about, wanted, isUnmet]) =>
    isUnmet ? [{ about, wanted, offered: [], instead: '' }] : [],
  )
}
