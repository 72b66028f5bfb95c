import { describe, expect, it } from 'vitest'
import {
  cutOptions,
  encodeOptions,
  fileUrl,
  headProbeArgs,
  inputOptions,
  partList,
} from '../../../src-main/export/ffmpeg-args'

const valueOf = (args: readonly string[], option: string) => {
  const at = args.indexOf(option)
  return at === -1 ? undefined : Number(args[at + 1])
}

describe('arguments for ffmpeg', () => {
  it('S12 S18 name files so that they are neither options nor other protocols', () => {
    expect(fileUrl('/x/-y.ts')).toBe('file:/x/-y.ts')
    expect(fileUrl('/x/concat:a|b.ts')).toBe('file:/x/concat:a|b.ts')
    expect(fileUrl(`/x/'; rm -rf \n.mp4`)).toBe(`file:/x/'; rm -rf \n.mp4`)
  })

  it('S12 force the format and allow local files and pipes only', () => {
    for (const args of [inputOptions('mpegts'), headProbeArgs('mov')]) {
      expect(args.join(' ')).toContain('-protocol_whitelist file,pipe,concat ')
      expect(args).toContain('-f')
    }
  })

  it('S19 list only names that need no quoting', () => {
    expect(partList([{ name: 'part-0.mp4', durationSec: 1.5 }, { name: 'part-1.mp4' }])).toBe(
      'ffconcat version 1.0\nfile part-0.mp4\nduration 1.500000\nfile part-1.mp4\n',
    )
    for (const name of [`it's.mp4`, 'a b.mp4', '../x.mp4', 'a\nfile b.mp4', 'a\\b.mp4', '']) {
      expect(() => partList([{ name }])).toThrow()
    }
  })

  it('cut so that the first frame is in and the one at the end is out', () => {
    const window = (cut: Parameters<typeof cutOptions>[0]) => {
      const startSec = valueOf(cutOptions(cut), '-ss') ?? 0
      const lengthSec = valueOf(cutOptions(cut), '-t') ?? Infinity
      return { startSec, endSec: startSec + lengthSec }
    }
    const plain = window({ startSec: 2.4, durationSec: 0.8 })
    expect(plain.startSec).toBeLessThan(2.4)
    expect(plain.startSec).toBeGreaterThan(2.36)
    expect(plain.endSec).toBeLessThan(3.2)
    expect(plain.endSec).toBeGreaterThan(3.16)
    const reordered = window({ startSec: 2.4, leadSec: 0.08, durationSec: 0.8 })
    expect(reordered.startSec).toBeLessThan(2.32)
    expect(reordered.endSec).toBeCloseTo(plain.endSec, 6)
    expect(window({ startSec: 0.001, durationSec: 1 })).toEqual({ startSec: 0, endSec: 0.999 })
    expect(cutOptions({ startSec: 0 })).toEqual([])
  })

  it('encode pictures of odd sizes', () => {
    expect(encodeOptions({ width: 853, height: 479 }).join(' ')).toContain('scale=854:480')
    expect(encodeOptions(undefined)).not.toContain('-c:v')
  })
})
