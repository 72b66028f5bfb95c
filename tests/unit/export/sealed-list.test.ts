import { describe, expect, it } from 'vitest'
import { sealedInputOptions, sealedList } from '../../../src-main/export/sealed-list'

const iv = 'ab'.repeat(16)
const namesIn = (text: string) =>
  text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))

describe('the list of one encrypted segment', () => {
  it('S12 has fixed names only, and is read from files only', () => {
    expect(sealedInputOptions.join(' ')).toContain(
      '-protocol_whitelist file -allowed_extensions ts,m4s,mp4,bin',
    )
    const text = sealedList({
      format: 'ts',
      iv,
      durationSec: 3.2,
      hasInit: false,
      hasTail: true,
    })
    expect(namesIn(text)).toEqual(['segment.ts', 'tail.ts'])
    expect(text).toContain(`#EXT-X-KEY:METHOD=SAMPLE-AES,URI="key.bin",IV=0x${iv}\n`)
    expect(text).not.toContain('EXT-X-MAP')
  })

  it('names the initialization section of fMP4 behind the key', () => {
    const text = sealedList({ format: 'm4s', iv, durationSec: 0, hasInit: true, hasTail: false })
    expect(namesIn(text)).toEqual(['segment.m4s'])
    expect(text).toMatch(/EXT-X-KEY:.*\n#EXT-X-MAP:URI="init.mp4"\n/)
    expect(text).toContain('#EXT-X-TARGETDURATION:1\n')
  })
})
