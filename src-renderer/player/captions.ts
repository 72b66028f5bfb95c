import type Hls from 'hls.js'
import { Events } from 'hls.js'

/** Closed captions inside the picture (CEA-608), as its playlist declares them. hls.js reads them into text tracks of the video element. */
export interface CaptionsSwitch {
  /** Names of those that can be chosen. */
  labels(): readonly string[]
  /** The one that is shown; undefined for none. */
  chosen(): string | undefined
  /** Shows one, also where nothing of it has come yet; undefined shows none. */
  show(label: string | undefined): void
  close(): void
}

/** What hls.js reads: the four channels of CEA-608. */
const READABLE = /^(?:CC|SERVICE)[1-4]$/

/** @param options.onChange other captions are declared. */
export function watchCaptions(options: {
  hls: Hls
  video: HTMLVideoElement
  onChange: () => void
}): CaptionsSwitch {
  const { hls, video, onChange } = options
  let labels: readonly string[] = []
  let shown: string | undefined

  /** A text track appears with the first caption in it. */
  const apply = () => {
    for (const track of video.textTracks) {
      if (track.kind !== 'captions' || !labels.includes(track.label)) continue
      const mode = track.label === shown ? 'showing' : 'hidden'
      if (track.mode !== mode) track.mode = mode
    }
  }
  hls.on(Events.MANIFEST_LOADED, (_event, { captions = [] }) => {
    labels = captions.flatMap(({ instreamId = '', name }) =>
      READABLE.test(instreamId) ? [name] : [],
    )
    onChange()
  })
  video.textTracks.addEventListener('addtrack', apply)
  return {
    labels: () => labels,
    chosen: () => shown,
    show(label) {
      shown = label
      apply()
    },
    close: () => video.textTracks.removeEventListener('addtrack', apply),
  }
}
