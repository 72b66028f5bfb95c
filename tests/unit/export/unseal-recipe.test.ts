import { describe, expect, it } from 'vitest'
import { unsealRecipe } from '../../../src-main/export/unseal-recipe'

describe('unsealRecipe', () => {
  it('fMP4 needs nothing behind it', () => {
    const stored = Buffer.from('any fragment')
    const recipe = unsealRecipe('m4s', stored)
    expect(recipe).toMatchObject({ segment: stored })
    expect(recipe.tail).toBeUndefined()
  })

  it('MPEG-TS without picture and AC-3 needs nothing behind it', () => {
    const recipe = unsealRecipe('ts', Buffer.alloc(188, 0x47))
    expect(recipe.tail).toBeUndefined()
    expect(recipe.outputOptions).not.toContain('-bsf:v')
  })
})
