import { describe, expect, it } from 'vitest'
import { unsealRecipe } from '../../../src-main/export/unseal-recipe'
import { timestampTag } from '../../support/packed-audio'

describe('unsealRecipe', () => {
  it('fMP4 needs nothing behind it', () => {
    const stored = Buffer.from('any fragment')
    const recipe = unsealRecipe('m4s', stored)
    expect(recipe).toMatchObject({ segment: stored })
    expect(recipe.tail).toBeUndefined()
    expect(recipe.outputBytes).toBeUndefined()
  })

  it('packed AAC goes without its tag, followed by more than ffmpeg reads ahead, which is cut off again', () => {
    const frames = Buffer.alloc(1000, 0xfe)
    for (const stored of [frames, Buffer.concat([timestampTag(90_000), frames])]) {
      const { segment, tail, outputBytes } = unsealRecipe('aac', stored)
      expect(Buffer.from(segment)).toEqual(frames)
      expect(outputBytes).toBe(1000)
      expect(tail?.length).toBeGreaterThan(32_768)
      expect((tail?.length ?? 0) % 1000).toBe(0)
    }
    expect(unsealRecipe('aac', Buffer.alloc(0)).tail).toHaveLength(0)
  })

  it('MPEG-TS without picture and AC-3 needs nothing behind it', () => {
    const recipe = unsealRecipe('ts', Buffer.alloc(188, 0x47))
    expect(recipe.tail).toBeUndefined()
    expect(recipe.outputOptions).not.toContain('-bsf:v')
  })
})
