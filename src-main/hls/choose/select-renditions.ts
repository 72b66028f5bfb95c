import type { AudioChoice, SubtitlesChoice } from '../../../src-preload/contract/model'
import { isWanted, languagesOf } from './language-match'
import type { MultivariantPlaylist, Rendition, VariantStream } from '../playlist'

/** Renditions of one kind that are recorded at most. */
const MOST_RENDITIONS = 32

const groupOf = (
  playlist: MultivariantPlaylist,
  type: Rendition['type'],
  groupId: string | undefined,
): readonly Rendition[] =>
  groupId === undefined
    ? []
    : playlist.renditions.filter(
        (rendition) => rendition.type === type && rendition.groupId === groupId,
      )

const defaultOf = (group: readonly Rendition[]): Rendition | undefined =>
  group.find((rendition) => rendition.isDefault) ??
  group.find((rendition) => rendition.autoselect) ??
  group[0]

/** The sound that belongs to a variant stream. */
export interface AudioSelection {
  /** To be recorded beside the variant stream, the default one first. */
  readonly separate: readonly Rendition[]
  /** The rendition that is inside the variant stream itself. */
  readonly inside?: Rendition
}

/**
 * Chooses the audio renditions of a variant stream. Where no rendition is of a wanted language, the default one: a
 * recording without sound would be the worse surprise.
 */
export function selectAudio(
  playlist: MultivariantPlaylist,
  variant: VariantStream,
  choice: AudioChoice,
): AudioSelection {
  const group = groupOf(playlist, 'AUDIO', variant.audioGroup)
  const usual = defaultOf(group)
  if (usual === undefined) return { separate: [] }
  const isInside = ({ uri }: Rendition) => uri === undefined || uri === variant.uri
  const wanted = wantedOf(group, choice)
  const chosen = wanted.length > 0 ? wanted : [usual]
  const separate = chosen
    .filter((rendition) => !isInside(rendition))
    .toSorted((a, b) => Number(b === usual) - Number(a === usual))
    .slice(0, MOST_RENDITIONS)
  const inside = isInside(usual) ? usual : group.find(isInside)
  return inside === undefined ? { separate } : { separate, inside }
}

/** Chooses the subtitle renditions of a variant stream. */
export function selectSubtitles(
  playlist: MultivariantPlaylist,
  variant: VariantStream,
  choice: SubtitlesChoice,
): readonly Rendition[] {
  return wantedOf(groupOf(playlist, 'SUBTITLES', variant.subtitlesGroup), choice)
    .filter(({ uri }) => uri !== undefined)
    .slice(0, MOST_RENDITIONS)
}

/** What is declared of closed captions; undefined where nothing is, empty where there are none. */
export function selectClosedCaptions(
  playlist: MultivariantPlaylist,
  variant: VariantStream,
): readonly Rendition[] | undefined {
  const groupId = variant.closedCaptionsGroup
  if (groupId === undefined) return undefined
  // The enumerated word NONE; a group may not have this name (RFC 8216 4.3.4.2).
  if (groupId === 'NONE') return []
  const group = groupOf(playlist, 'CLOSED-CAPTIONS', groupId)
  return group.length === 0 ? undefined : group.slice(0, MOST_RENDITIONS)
}

function wantedOf(group: readonly Rendition[], choice: string): readonly Rendition[] {
  switch (choice.toLowerCase()) {
    case 'all':
      return group
    case 'default':
    case 'none':
      return []
    default: {
      const languages = languagesOf(choice)
      return group.filter(({ language }) => isWanted(language, languages))
    }
  }
}
