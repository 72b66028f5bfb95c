import { describe, expect, it } from 'vitest'
import { silentLogger } from '../../../src-main/ports/logger'
import type { SpanRow } from '../../../src-main/store/model'
import { sealLine } from '../../../src-main/store/sealed-line'
import { openSpanLog } from '../../../src-main/store/span-log'
import { encodeSpan } from '../../../src-main/store/span-row'
import {
  crashModes,
  createMemoryFilePort,
  type MemoryFilePort,
} from '../../support/memory-file-port'

const path = '/rec/spans.ndjson'
const span = (number: number, more: Partial<SpanRow> = {}): SpanRow => ({
  id: `c-0-${number}`,
  kind: 'ad',
  label: `Werbung „${number}“\n`,
  epoch: 0,
  startMs: 1000 * number,
  ...more,
})
const full = span(1, { endMs: 5000, plannedEndMs: 6000, endsOnNextOf: 'tv' })

const emptyDisk = () => {
  const files = createMemoryFilePort()
  files.poke('/rec/recording.json', Buffer.from('{}'))
  return files
}
function open(files: MemoryFilePort, onPut = () => {}) {
  return openSpanLog({ files, path, logger: silentLogger, onPut })
}
const stored = async (files: MemoryFilePort) => (await open(files)).list()

describe('spans on disk', () => {
  it('come back in the order they came, the last state of each', async () => {
    const files = emptyDisk()
    let puts = 0
    const log = await open(files, () => (puts += 1))
    expect(log.list()).toEqual([])
    expect(files.peek(path)).toBeUndefined()
    await log.put([span(1), span(2)])
    await log.put([full])
    await log.put([full, span(2)])
    expect(puts).toBe(2)
    expect(log.list()).toEqual([full, span(2)])
    expect(await stored(files)).toEqual([full, span(2)])
  })

  it('F36 cut at every byte: the whole lines are there, and the next one is not spoilt', async () => {
    const text = Buffer.from([span(1), span(2), full].map(encodeSpan).join(''))
    for (let cut = 0; cut <= text.length; cut += 1) {
      const files = emptyDisk()
      files.poke(path, text.subarray(0, cut))
      const log = await open(files)
      const before = log.list()
      expect(before.length).toBeLessThanOrEqual(2)
      await log.put([span(9)])
      expect(await stored(files)).toEqual([...before, span(9)])
    }
  })

  it('F36 any byte flipped: the other spans are there', async () => {
    const text = Buffer.from([span(1), span(2), span(3)].map(encodeSpan).join(''))
    for (let at = 0; at < text.length; at += 1) {
      const files = emptyDisk()
      const bytes = Buffer.from(text)
      bytes[at] = (bytes[at] ?? 0) ^ 0x2a
      files.poke(path, bytes)
      const ids = (await stored(files)).map(({ startMs }) => startMs / 1000)
      expect(ids.length).toBeGreaterThanOrEqual(1)
      expect([1, 2, 3].filter((id) => ids.includes(id))).toEqual(ids)
    }
  })

  it('F35 survive a power cut once they are acknowledged', async () => {
    for (const mode of crashModes) {
      const files = emptyDisk()
      const log = await open(files)
      await log.put([span(1)])
      await log.put([span(2)])
      expect(await stored(files.crash(mode))).toEqual([span(1), span(2)])
    }
  })

  it.each(['write', 'sync'])('F31 a disk that refuses to %s is tried again', async (refused) => {
    const files = emptyDisk()
    const log = await open(files)
    await log.put([span(1)])
    files.before = ({ name }) => (name === refused ? 'ENOSPC' : undefined)
    await expect(log.put([span(2)])).rejects.toMatchObject({ code: 'disk_full' })
    expect(log.list()).toEqual([span(1)])
    files.before = () => undefined
    await log.put([span(2)])
    expect(await stored(files)).toEqual([span(1), span(2)])
  })

  it('keep to their bound: the oldest make room, and the file is written anew', async () => {
    const files = emptyDisk()
    const log = await open(files)
    const many = (from: number, count: number) =>
      Array.from({ length: count }, (_, at) => span(from + at))
    for (let from = 0; from < 25_000; from += 2500) await log.put(many(from, 2500))
    expect(log.list()).toHaveLength(10_000)
    expect(log.list()[0]).toEqual(span(15_000))
    expect(files.peek(path)?.toString().split('\n').length).toBeLessThan(20_002)
    expect(await stored(files)).toEqual(log.list())
  })

  it('S37 a file that VSR cannot have written is passed over, and a newer one is left alone', async () => {
    const files = emptyDisk()
    files.poke(path, Buffer.alloc(50_000_000, 'x'))
    const log = await open(files)
    expect(log.list()).toEqual([])
    await log.put([span(1)])
    expect(await stored(files)).toEqual([span(1)])
    const newer = sealLine([2, 'something else'])
    files.poke(path, Buffer.from(newer))
    await expect(open(files)).rejects.toMatchObject({ code: 'library_too_new' })
    expect(files.peek(path)?.toString()).toBe(newer)
  })
})
