import type { Probe } from '../../src-preload/contract/model'
import { formatLength } from '../ui/format'
import { texts } from '../ui/texts'

/** What an address turned out to be, in one line: `Live, 3 qualities up to 1080p`. */
export function probeSummary(probe: Probe): string {
  const words = texts.urlBar
  if (probe.drm !== undefined) return words.drm(probe.drm)
  if (probe.kind === 'demo') return words.demo
  const length = probe.durationSec === undefined ? '' : formatLength(probe.durationSec)
  const parts = [probe.live ? words.live : words.vod(length)]
  const heights = probe.variants.flatMap(({ resolution }) =>
    resolution === undefined || resolution.height === 0 ? [] : [resolution.height],
  )
  const tallest = Math.max(...heights)
  if (heights.length > 0) parts.push(words.qualities(probe.variants.length, `${tallest}p`))
  if (probe.exportOnly === true) parts.push(words.exportOnly)
  const title = probe.title === undefined || probe.title === '' ? [] : [`“${probe.title}”`]
  return [...title, parts.join(', ')].join(' · ')
}

/** True for text that is worth asking the source about while it is still being typed. */
export function looksComplete(text: string): boolean {
  const trimmed = text.trim()
  if (trimmed === 'demo:') return true
  return URL.canParse(trimmed) && /^https?:\/\/[^/\s]+(\.|:\d|localhost)/i.test(trimmed)
}
