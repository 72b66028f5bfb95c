import { describe, expect, it } from 'vitest'
import { stateSentence, stateWords } from '../../../../src-renderer/library/state-words'
import { texts } from '../../../../src-renderer/ui/texts'

describe('word of a state', () => {
  it('tells a source that ended from a recording that was stopped', () => {
    expect(stateWords({ state: 'stopped' })).toBe('Stopped')
    expect(stateWords({ state: 'stopped', sourceEnded: true })).toBe('Ended')
  })
})

describe('sentence of a state', () => {
  it('calls a stopped recording complete only where something is stored and nothing is missing', () => {
    const stopped = { state: 'stopped', segments: 5, completeness: 1 } as const
    expect(stateSentence(stopped)).toBe(texts.stateSentences.stopped)
    expect(stateSentence({ ...stopped, completeness: 0.986 })).toBe(
      texts.stoppedSentences.incomplete,
    )
    expect(stateSentence({ ...stopped, soundGapSec: 50 })).toBe(texts.stoppedSentences.incomplete)
    expect(stateSentence({ ...stopped, segments: 0 })).toBe(texts.stoppedSentences.empty)
  })
})
