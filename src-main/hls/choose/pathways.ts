import type { MultivariantPlaylist, Rendition, VariantStream } from '../playlist'

/** A multivariant playlist reduced to one way of getting each of its streams. */
export interface Pathway {
  /** PATHWAY-ID, with `#2`, `#3`, … for the further copies of redundant streams. */
  readonly id: string
  readonly playlist: MultivariantPlaylist
}

/** The pathway of variant streams that name none (rfc8216bis 4.4.6.2). */
const DEFAULT_PATHWAY = '.'
/** More copies of one stream than this are not worth trying. */
const MOST_COPIES = 8
const MOST_PATHWAYS = 32

const pathwayOf = ({ pathwayId = DEFAULT_PATHWAY }: VariantStream) => pathwayId

/** Redundant variant streams say the same of themselves (RFC 8216 6.2.4); their rendition groups may have other names. */
const sameStream = ({ bandwidth, resolution, codecs, frameRate, stableVariantId }: VariantStream) =>
  `${bandwidth} ${resolution?.width}x${resolution?.height} ${frameRate} ${codecs} ${stableVariantId}`
const sameRendition = ({ type, groupId, name, language }: Rendition) =>
  JSON.stringify([type, groupId, name, language])

/** The items that are copies of each other, in order of appearance. */
function copiesOf<T>(items: readonly T[], identity: (item: T) => string): readonly T[][] {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const group = groups.get(identity(item))
    if (group === undefined) groups.set(identity(item), [item])
    else group.push(item)
  }
  return [...groups.values()]
}

/** The copy with this number of each; of what has fewer copies, the last one. */
const takeCopy = <T>(groups: readonly (readonly T[])[], number: number): readonly T[] =>
  groups.flatMap((group) => group.slice(0, number + 1).slice(-1))

const groupsOf = (variant: VariantStream) => [
  variant.audioGroup,
  variant.subtitlesGroup,
  variant.closedCaptionsGroup,
]

function splitCopies(
  id: string,
  variants: readonly VariantStream[],
  playlist: MultivariantPlaylist,
): readonly Pathway[] {
  const streams = copiesOf(variants, sameStream)
  const renditions = copiesOf(playlist.renditions, sameRendition)
  const longest = Math.max(...[...streams, ...renditions].map((group) => group.length))
  return Array.from({ length: Math.min(longest, MOST_COPIES) }, (_, number) => {
    const taken = takeCopy(streams, number)
    const groups = new Set(taken.flatMap(groupsOf))
    return {
      id: number === 0 ? id : `${id}#${number + 1}`,
      playlist: {
        ...playlist,
        variants: taken,
        renditions: takeCopy(renditions, number).filter(({ groupId }) => groups.has(groupId)),
      },
    }
  })
}

/**
 * The ways in which a multivariant playlist offers the same streams: its pathways (content steering,
 * rfc8216bis 7), and within each the copies of redundant variant streams and renditions. The first one is
 * where to begin.
 */
export function pathwaysOf(playlist: MultivariantPlaylist): readonly Pathway[] {
  const ids = [...new Set(playlist.variants.map(pathwayOf))].slice(0, MOST_PATHWAYS)
  return orderPathways(
    ids.flatMap((id) => {
      const own = playlist.variants.filter((variant) => pathwayOf(variant) === id)
      return splitCopies(id, own, playlist)
    }),
    playlist.contentSteering?.pathwayId === undefined ? [] : [playlist.contentSteering.pathwayId],
  )
}

/** The PATHWAY-ID of a pathway, whichever copy it is. */
export const steeredId = (id: string): string => id.replace(/#\d+$/, '')

/** Those that are named first, in that order; the others stay behind them, as a last resort. */
export function orderPathways(
  pathways: readonly Pathway[],
  priority: readonly string[],
): readonly Pathway[] {
  const rank = ({ id }: Pathway) => {
    const at = priority.indexOf(steeredId(id))
    return at < 0 ? priority.length : at
  }
  return pathways.toSorted((a, b) => rank(a) - rank(b))
}
