import { VsrError } from '../../src-preload/contract/errors'
import { isWanted, languagesOf } from '../hls/choose/language-match'
import type { TrackInfo, TrackStore } from '../store/model'
import { footageOf, type Stretch } from './footage'
import { trackLabels } from './track-label'

/** A sound that is a track of its own beside the picture, and where it is stored. */
interface SeparateSound {
  /** As the player's menu calls it. */
  readonly label: string
  readonly stretches: Stretch[]
}

/** The sounds that a player has to have beside the picture, or it stops; none where nothing but sound is recorded. */
export function separateSounds(
  tracks: readonly Pick<TrackStore, 'info' | 'index'>[],
): readonly SeparateSound[] {
  if (!tracks.some(({ info }) => info.kind === 'video')) return []
  const audios = tracks.filter(({ info }) => info.kind === 'audio')
  const labels = trackLabels(audios.map(({ info }) => info))
  return audios.map(({ info, index }, at) => ({
    label: labels[at] ?? info.id,
    stretches: footageOf(index),
  }))
}

/** One of the sounds of a recording. */
export interface Sound {
  /** The track that holds it: the picture's own where the sound is inside. */
  readonly trackId: string
  /** As the player's menu calls it. */
  readonly label: string
  readonly language?: string
  /** It is played when nobody chooses. */
  readonly isUsual: boolean
}

/** The sounds that a person can choose between; none where there is nothing to choose, or where nothing is stored of the others. */
export function soundsOf(tracks: readonly TrackInfo[]): readonly Sound[] {
  const video = tracks.find(({ kind }) => kind === 'video')
  const audios = tracks.filter(({ kind }) => kind === 'audio')
  const inner = video?.innerAudio
  const inside = video === undefined || inner === undefined ? [] : [{ ...inner, id: video.id }]
  const all: readonly Pick<TrackInfo, 'id' | 'name' | 'language' | 'isDefault'>[] = [
    ...audios,
    ...inside,
  ]
  if (all.length < 2) return []
  const labels = trackLabels(all)
  const declaredAt = all.findIndex(({ isDefault }) => isDefault === true)
  const usualAt = declaredAt >= 0 ? declaredAt : inside.length > 0 ? all.length - 1 : 0
  return all.map(({ id, language }, at) => ({
    trackId: id,
    label: labels[at] ?? id,
    ...(language === undefined ? {} : { language }),
    isUsual: at === usualAt,
  }))
}

/**
 * The sound that is meant: by its track's id, by the name that the player's menu has, or by a language.
 *
 * @param wanted absent = the one that is played when nobody chooses.
 * @returns undefined where there is nothing to choose.
 * @throws VsrError `bad_request` where no sound fits; it names those that there are.
 */
export function chooseSound(
  tracks: readonly TrackInfo[],
  wanted: string | undefined,
): Sound | undefined {
  const sounds = soundsOf(tracks)
  if (wanted === undefined) return sounds.find(({ isUsual }) => isUsual)
  const same = (text: string) => text.toLowerCase() === wanted.trim().toLowerCase()
  const found =
    sounds.find(({ trackId }) => same(trackId)) ??
    sounds.find(({ label }) => same(label)) ??
    sounds.find(({ language }) => isWanted(language, languagesOf(wanted)))
  if (found !== undefined) return found
  throw new VsrError('bad_request', `This recording has no sound “${wanted}”.`, {
    hint:
      sounds.length === 0
        ? 'It has only one; leave the choice out.'
        : `There is ${sounds.map(soundName).join(', ')}.`,
  })
}

const soundName = ({ label, language }: Sound) =>
  language === undefined || language === label ? label : `${label} (${language})`
