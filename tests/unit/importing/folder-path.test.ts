import { describe, expect, it } from 'vitest'
import { FOLDER_URL, partsBelowFolder, urlOfName } from '../../../src-main/importing/folder-path'

/** As a playlist in the folder would name it. */
const named = (uri: string) => partsBelowFolder(new URL(uri, urlOfName('main list.m3u8')).href)

describe('partsBelowFolder', () => {
  it.each([
    ['a.ts', ['a.ts']],
    ['day 1/a.ts?token=x#y', ['day 1', 'a.ts']],
    ['%C3%A4/50%25.ts', ['ä', '50%.ts']],
    ['sub/../a.ts', ['a.ts']],
  ])('finds %s', (uri, parts) => {
    expect(named(uri)).toEqual(parts)
  })

  it.each([
    '../a.ts',
    'sub/../../a.ts',
    '%2e%2e/a.ts',
    '..%2fa.ts',
    '..%5ca.ts',
    'a%00.ts',
    'a%zz.ts',
    '/etc/passwd',
    '//elsewhere.example/import/a.ts',
    'http://folder.invalid:81/import/a.ts',
    'http://user@folder.invalid/import/a.ts',
    'https://folder.invalid/import/a.ts',
    'sub//a.ts',
    'sub/',
    '',
  ])('S06 refuses %j', (uri) => {
    const url = new URL(uri === '' ? FOLDER_URL : uri, urlOfName('main.m3u8')).href
    expect(partsBelowFolder(url)).toBeUndefined()
  })

  it('leads back to a name of any kind', () => {
    for (const name of ['main.m3u8', 'a b#c?d%e.m3u8', 'ä.m3u8']) {
      expect(partsBelowFolder(urlOfName(name))).toEqual([name])
    }
  })
})
