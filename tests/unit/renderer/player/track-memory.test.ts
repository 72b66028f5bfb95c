import { describe, expect, it } from 'vitest'
import { createTrackMemory } from '../../../../src-renderer/player/track-memory'

function setUp(stored?: string) {
  const kept = new Map(stored === undefined ? [] : [['vsr-track-choices', stored]])
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  }
  return { storage, kept, memory: createTrackMemory(storage) }
}

describe('the choice of sound and subtitles', () => {
  it('is remembered for each recording, and by the next page', () => {
    const { memory, storage } = setUp()
    memory.remember('rec00001', { audio: 'Deutsch' })
    memory.remember('rec00001', { subtitles: '' })
    memory.remember('rec00002', { audio: 'English' })
    const later = createTrackMemory(storage)
    expect(later.of('rec00001')).toEqual({ audio: 'Deutsch', subtitles: '' })
    expect(later.of('rec00002')).toEqual({ audio: 'English' })
    expect(later.of('rec00003')).toEqual({})
  })

  it('does not grow for ever', () => {
    const { memory, kept } = setUp()
    for (let number = 0; number < 300; number += 1) {
      memory.remember(`rec${number}`, { audio: 'English' })
    }
    expect(memory.of('rec0')).toEqual({})
    expect(memory.of('rec299')).toEqual({ audio: 'English' })
    expect((JSON.parse(kept.get('vsr-track-choices') ?? '') as unknown[]).length).toBe(200)
  })

  it.each(['{', '7', '[[1,2],["rec00001",null],["rec00001",{"audio":5}]]'])(
    'is nothing where something else stands in its place: %s',
    (text) => {
      expect(setUp(text).memory.of('rec00001')).toEqual({})
    },
  )
})
