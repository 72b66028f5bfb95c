import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { joinedInput } from '../../../src-main/export/joined-input'

const track = path.resolve('/library/recordings/abcdefghijkl/v0')
const files = (count: number) =>
  Array.from({ length: count }, (_, index) =>
    path.join(track, '2026-03-01', `177232319${index}-${index}.ts`),
  )

describe('joinedInput', () => {
  it('S19 names files from the folder that they share, whatever that is called', () => {
    expect(joinedInput(files(2), 'mpegts')).toEqual({
      source: 'concat:1772323190-0.ts|1772323191-1.ts',
      cwd: path.join(track, '2026-03-01'),
    })
    const odd = path.resolve(`/it's a|b/concat:x`)
    const names = [path.join(odd, 'a', '1.mp4'), path.join(odd, 'b', '2.m4s')]
    expect(joinedInput(names, 'mpegts')).toEqual({ source: 'concat:a/1.mp4|b/2.m4s', cwd: odd })
    expect(joinedInput(names.slice(0, 1), 'mpegts')).toEqual({
      source: 'concat:1.mp4',
      cwd: path.join(odd, 'a'),
    })
  })

  it('does not take a folder for one with a longer name', () => {
    const names = [path.join(track, '1', 'a.ts'), path.join(track, '10', 'b.ts')]
    expect(joinedInput(names, 'mpegts')).toEqual({ source: 'concat:1/a.ts|10/b.ts', cwd: track })
  })

  it('S12 S18 sends bytes where names are not plain, or too many', () => {
    const odd = ['-y.ts', 'a|b.ts', 'http:x.ts', 'a b.ts', 'ä.ts'].map((name) => [
      path.join(track, name),
    ])
    for (const input of [...odd, files(501)]) {
      expect(joinedInput(input, 'mpegts')).toEqual({ source: expect.anything() })
      expect(typeof joinedInput(input, 'mpegts').source).toBe('object')
    }
  })
})
