import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { exportFileName, numberedName } from '../../../src-main/export/file-name'

const at = new Date(2026, 2, 9, 8, 5, 3).getTime()
const STAMP = '2026-03-09 08.05.03.mp4'
const name = (title: string) => exportFileName(title, at, 'mp4')

describe('F45 names of exports', () => {
  it('are the title and the local time', () => {
    expect(name('Evening news')).toBe(`Evening news ${STAMP}`)
    expect(name('Дневник – 東京 🎉')).toBe(`Дневник – 東京 🎉 ${STAMP}`)
  })

  it('hold nothing that a file system or a person stumbles over', () => {
    const titles = [
      '../../etc/passwd',
      'C:\\Windows\\x',
      'a<b>c:d"e|f?g*h',
      'line\nbreak\ttab\u0000nul\u007f',
      'evil\u202egpj.exe\u200b\ufeff',
      '.hidden',
      '-y',
      '~',
      '\ud800half',
      'x'.repeat(5000),
      '🎉'.repeat(300),
      'dots... . .',
    ]
    for (const title of titles) {
      const result = name(title)
      expect(path.basename(result)).toBe(result)
      expect(result).not.toMatch(/[<>:"/\\|?*\p{Cc}\p{Cf}\p{Cs}]/u)
      expect(result).not.toMatch(/^[.\-~ ]/)
      expect(Buffer.byteLength(result)).toBeLessThanOrEqual(200)
      expect(result.endsWith(` ${STAMP}`)).toBe(true)
    }
  })

  it('are never a device of Windows, and never nothing', () => {
    expect(name('CON')).toBe(`_CON ${STAMP}`)
    expect(name('nul.txt')).toBe(`_nul.txt ${STAMP}`)
    expect(name('Lpt1')).toBe(`_Lpt1 ${STAMP}`)
    expect(name('Console')).toBe(`Console ${STAMP}`)
    for (const title of ['', '   ', '...', '///', '\u202e']) {
      expect(name(title)).toBe(`recording ${STAMP}`)
    }
  })

  it('count up where they are taken', () => {
    expect(numberedName('a b.mp4', 1)).toBe('a b.mp4')
    expect(numberedName('a b.mp4', 2)).toBe('a b (2).mp4')
    expect(numberedName('a.b.mp4', 13)).toBe('a.b (13).mp4')
  })
})
