import { gapCauseSchema } from '../../src-preload/contract/model'
import type { DiscontinuityRow, MediaExtension, Row } from './model'

/** A fixed list of words with a small number for each, so that a column can hold them in a byte. */
export interface Codes<T extends string> {
  readonly words: readonly T[]
  codeOf(word: T): number
  /** Throws RangeError for a number that no word has: a column was damaged in memory. */
  wordAt(code: number): T
}

function createCodes<T extends string>(words: readonly T[]): Codes<T> {
  const codes = new Map(words.map((word, code) => [word, code]))
  return {
    words,
    codeOf(word) {
      const code = codes.get(word)
      if (code === undefined) throw new RangeError(`no code for '${word}'`)
      return code
    },
    wordAt(code) {
      const word = words[code]
      if (word === undefined) throw new RangeError(`no word for code ${code}`)
      return word
    },
  }
}

export const kindCodes = createCodes<Row['kind']>([
  'segment',
  'gap',
  'init',
  'discontinuity',
  'key',
])
export const extensionCodes = createCodes<MediaExtension>([
  'ts',
  'm4s',
  'mp4',
  'aac',
  'mp3',
  'ac3',
  'vtt',
])
export const causeCodes = createCodes(gapCauseSchema.options)
export const reasonCodes = createCodes<DiscontinuityRow['reason']>([
  'epoch',
  'source',
  'init-change',
  'variant-change',
])
export const clockCodes = createCodes<DiscontinuityRow['clock']>(['source', 'arrival'])
