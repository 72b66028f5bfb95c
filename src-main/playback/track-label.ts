import { safeName } from '../hls/write/write-playlist'
import type { TrackInfo } from '../store/model'

/** What a player's menu calls a rendition: as the source does, else by its language, else by the track's id. */
function trackLabel({ id, name, language }: Pick<TrackInfo, 'id' | 'name' | 'language'>): string {
  return safeName(name ?? '') || safeName(language ?? '') || id
}

/** Labels of renditions of one group: they have to differ (RFC 8216 4.3.4.1.1). */
export function trackLabels(
  infos: readonly Pick<TrackInfo, 'id' | 'name' | 'language'>[],
): readonly string[] {
  const labels = infos.map(trackLabel)
  return infos.map((info, at) => {
    const label = labels[at] ?? info.id
    return labels.indexOf(label) === at ? label : `${label} (${info.id})`
  })
}
