import type Hls from 'hls.js'
import { Events, type MediaPlaylist } from 'hls.js'

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

/** Tells which sounds and subtitles a playlist offers, and which are played. */
export function watchTracks(options: {
  hls: Hls
  /** After each change. */
  onTracks: (menus: TrackMenus) => void
}): void {
  const { hls, onTracks } = options
  const tell = () =>
    onTracks({
      audio: { options: hls.audioTracks.map(optionOf), chosen: hls.audioTrack },
      subtitles: { options: hls.subtitleTracks.map(optionOf), chosen: hls.subtitleTrack },
    })
  hls.on(Events.AUDIO_TRACKS_UPDATED, tell)
  hls.on(Events.AUDIO_TRACK_SWITCHED, tell)
  hls.on(Events.SUBTITLE_TRACKS_UPDATED, tell)
  hls.on(Events.SUBTITLE_TRACK_SWITCH, tell)
}

const optionOf = ({ name }: MediaPlaylist, id: number) => ({ id, label: name })
