import { parseAttributeList } from './attribute-list'
import { readSpanSec } from './numbers'
import type { Cue } from '../playlist'
import type { PlaylistTag } from './playlist-lines'
import { readSpliceInfo } from './splice-info'

const MOST_CUES = 1000

type CueWords = Omit<Cue, 'mediaSequence'>

const out = (plannedDurationSec: number | undefined, continued = false): CueWords => ({
  kind: 'out',
  ...(plannedDurationSec === undefined ? {} : { plannedDurationSec }),
  ...(continued ? { continued } : {}),
})

/** `30`, `DURATION=30`, `Duration=30`; of EXT-X-CUE-OUT-CONT also `12/30`. */
function plannedDuration(value: string): number | undefined {
  const [, named] = /\bduration\s*=\s*"?([\d.]+)/i.exec(value) ?? []
  const [, whole] = /^\s*[\d.]+\s*\/\s*([\d.]+)/.exec(value) ?? []
  return readSpanSec(named ?? whole ?? value)
}

/** EXT-X-SCTE35 (SCTE 35 in HLS before EXT-X-DATERANGE): CUE-OUT and CUE-IN say what the message means, else the message does. */
function readScte35(value: string): CueWords | undefined {
  const attributes = parseAttributeList(value)
  const cueOut = attributes.get('CUE-OUT')
  if (attributes.get('CUE-IN') === 'YES') return { kind: 'in' }
  if (cueOut !== 'YES' && cueOut !== 'CONT') return readSpliceInfo(attributes.get('CUE') ?? '')
  return out(readSpanSec(attributes.get('DURATION')), cueOut === 'CONT')
}

function readCue({ name, value }: PlaylistTag): CueWords | undefined {
  switch (name) {
    case 'EXT-X-CUE-OUT':
      return out(plannedDuration(value))
    case 'EXT-X-CUE-OUT-CONT':
      return out(plannedDuration(value), true)
    case 'EXT-X-CUE-IN':
      return { kind: 'in' }
    case 'EXT-X-SCTE35':
      return readScte35(value)
    case 'EXT-OATCLS-SCTE35':
      return readSpliceInfo(value)
    default:
      return undefined
  }
}

/**
 * Reads the ad markers that are older than EXT-X-DATERANGE. Several that say the same at one place are one cue; one that
 * only says that a break goes on counts where the listing shows no beginning of it.
 * @param firstMediaSequence of the first segment listed.
 */
export function readCues(tags: readonly PlaylistTag[], firstMediaSequence: number): readonly Cue[] {
  const cues: Cue[] = []
  for (const tag of tags) {
    const words = readCue(tag)
    if (words === undefined) continue
    const mediaSequence = firstMediaSequence + tag.uriIndex
    const last = cues.at(-1)
    if (words.continued && last?.kind === 'out') continue
    const isSame = last?.mediaSequence === mediaSequence && last.kind === words.kind
    if (isSame) cues[cues.length - 1] = { ...words, ...last }
    else cues.push({ ...words, mediaSequence })
  }
  return cues.slice(-MOST_CUES)
}
