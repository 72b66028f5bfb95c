import type Hls from 'hls.js'
import { Events, type MediaPlaylist } from 'hls.js'
import { watchCaptions } from './captions'
import type { TrackChoice } from './track-memory'

/** What a person can choose between. */
export interface TrackMenu {
  readonly options: readonly { readonly id: number; readonly label: string }[]
  /** Id of the option that plays; -1: none. */
  readonly chosen: number
}

export interface TrackMenus {
  readonly audio: TrackMenu
  readonly subtitles: TrackMenu
}

const emptyMenu: TrackMenu = { options: [], chosen: -1 }
export const emptyMenus: TrackMenus = { audio: emptyMenu, subtitles: emptyMenu }

/** The name of what is chosen in a menu; empty for none. */
export const chosenLabel = ({ options, chosen }: TrackMenu): string =>
  options.find(({ id }) => id === chosen)?.label ?? ''

/** Sounds and subtitles of a playlist that is played. */
export interface TrackSwitch {
  setAudio(id: number): void
  /** -1: none. */
  setSubtitles(id: number): void
  close(): void
}

/** Captions stand behind the subtitles in their menu, with ids from here on. */
const FIRST_CAPTIONS_ID = 1000

/**
 * Tells which sounds and subtitles a playlist offers and which are played, and takes what was chosen in it before.
 *
 * @param options.onTracks called after each change.
 */
export function watchTracks(options: {
  hls: Hls
  video: HTMLVideoElement
  wanted: TrackChoice
  onTracks: (menus: TrackMenus) => void
}): TrackSwitch {
  const { hls, wanted, onTracks } = options
  /** Somebody chose, which goes before what was chosen earlier. */
  let isAsked = false

  const subtitlesMenu = (): TrackMenu => {
    const subtitles = hls.subtitleTracks.map(optionOf)
    const inside = captions.labels().map((label, at) => {
      const isTaken = subtitles.some((option) => option.label === label)
      return { id: FIRST_CAPTIONS_ID + at, label: isTaken ? `${label} (CC)` : label }
    })
    const shown = captions.chosen()
    const shownAt = shown === undefined ? -1 : captions.labels().indexOf(shown)
    const chosen = shownAt < 0 ? hls.subtitleTrack : FIRST_CAPTIONS_ID + shownAt
    return { options: [...subtitles, ...inside], chosen }
  }
  const tell = () =>
    onTracks({
      audio: { options: hls.audioTracks.map(optionOf), chosen: hls.audioTrack },
      subtitles: subtitlesMenu(),
    })
  const setSubtitles = (id: number) => {
    isAsked = true
    captions.show(captions.labels()[id - FIRST_CAPTIONS_ID])
    const next = id < FIRST_CAPTIONS_ID ? id : -1
    if (hls.subtitleTrack !== next) hls.subtitleTrack = next
    tell()
  }
  /** Subtitles that are wanted are found by hls.js itself. */
  const takeCaptions = () => {
    const option = subtitlesMenu().options.find(({ label }) => label === wanted.subtitles)
    if (!isAsked && option !== undefined && option.id >= FIRST_CAPTIONS_ID) setSubtitles(option.id)
    else tell()
  }
  const captions = watchCaptions({ ...options, onChange: takeCaptions })
  hls.on(Events.AUDIO_TRACKS_UPDATED, tell)
  hls.on(Events.AUDIO_TRACK_SWITCHED, tell)
  hls.on(Events.SUBTITLE_TRACKS_UPDATED, takeCaptions)
  hls.on(Events.SUBTITLE_TRACK_SWITCH, tell)
  return {
    setAudio(id) {
      hls.audioTrack = id
    },
    setSubtitles,
    close: captions.close,
  }
}

const optionOf = ({ name }: MediaPlaylist, id: number) => ({ id, label: name })

/** How hls.js is told at the start what was chosen before; an empty name keeps it from taking subtitles by itself. */
export const preferencesOf = ({ audio, subtitles }: TrackChoice) => ({
  ...(audio === undefined ? {} : { audioPreference: { name: audio } }),
  ...(subtitles === undefined ? {} : { subtitlePreference: { name: subtitles } }),
})
