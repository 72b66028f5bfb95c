import type { SpanKind } from '../../../src-preload/contract/model'
import type { DateRange } from '../../hls/playlist'

/** UTF-16 units. */
const MOST_TEXT = 80

const adWords = new Set(
  'ad ads adbreak advert adverts advertisement advertising avail break commercial commercials interstitial promo splice'.split(
    ' ',
  ),
)
const programmeWords = new Set(
  'chapter episode event movie program programme programs show title'.split(' '),
)

/** A text of the source as it is kept: on one line, short, without characters that steer the text around them. */
export function spanText(text: string): string {
  const plain = text
    .slice(0, MOST_TEXT * 4)
    .replace(/[\p{C}\p{Z}]+/gu, ' ')
    .trim()
  return plain.length <= MOST_TEXT ? plain : `${plain.slice(0, MOST_TEXT - 1)}…`
}

/** What a date range marks, judged by its SCTE-35 attributes, else by the words of its CLASS, else of its ID. */
export function spanKindOf({ scte35, className, id }: DateRange): SpanKind {
  if (scte35 === 'out' || scte35 === 'in') return 'ad'
  const words = (className ?? id)
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/)
  if (words.some((word) => adWords.has(word))) return 'ad'
  return words.some((word) => programmeWords.has(word)) ? 'programme' : 'other'
}
