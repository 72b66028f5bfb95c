import { expect, it } from 'vitest'
import { rehome } from '../../../src-main/relocate/rehome'

it('rehome changes paths below the old folder, and nothing that only begins alike', () => {
  const value = {
    jobs: [{ file: '/films/old/exports/a.mp4', bytes: 3 }, { file: '/films/older/a.mp4' }],
    exportsDir: '/films/old',
    title: 'in /films/old/',
    nothing: null,
  }
  expect(rehome(value, '/films/old', '/disk/new')).toEqual({
    jobs: [{ file: '/disk/new/exports/a.mp4', bytes: 3 }, { file: '/films/older/a.mp4' }],
    exportsDir: '/disk/new',
    title: 'in /films/old/',
    nothing: null,
  })
})
