import { crc32 } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { silentLogger } from '../../../src-main/ports/logger'
import type { Row } from '../../../src-main/store/model'
import { openSegmentLog, type SegmentLog } from '../../../src-main/store/segment-log'
import { encodeRow } from '../../../src-main/store/segment-row'
import { sampleGap, segmentRow } from '../../support/fault-store-samples'
import { createMemoryFilePort, type MemoryFilePort } from '../../support/memory-file-port'

const path = '/v0/segments.ndjson'
const damagedPath = '/v0/segments.damaged.ndjson'

const gapRow = (index: number): Row => ({ kind: 'gap', index, ...sampleGap(index) })
const rows: readonly Row[] = [0, 1, 2, 3, 4].map((index) =>
  index === 2 ? gapRow(index) : segmentRow(index),
)
const text = rows.map(encodeRow).join('')

const diskWith = (content: Uint8Array | string): MemoryFilePort => {
  const files = createMemoryFilePort()
  files.poke(path, Buffer.from(content))
  return files
}
const open = (files: MemoryFilePort, mode: 'write' | 'read' = 'write'): Promise<SegmentLog> =>
  openSegmentLog({ files, path, mode, logger: silentLogger })
const rowsOf = ({ index }: SegmentLog): Row[] =>
  Array.from({ length: index.length }, (_, at) => index.rowAt(at))

describe('segment log', () => {
  it('F36 cut at every byte: the whole rows before the cut are there, and it goes on', async () => {
    for (let cut = 0; cut <= text.length; cut += 1) {
      const files = diskWith(text.slice(0, cut))
      const log = await open(files)
      // A row that only lost its newline is whole.
      const whole = `${text.slice(0, cut)}\n`.split(']\n').length - 1
      expect(rowsOf(log)).toEqual(rows.slice(0, whole))
      const next = segmentRow(whole + 1)
      await log.append([next])
      await log.close()
      const again = await open(files)
      expect(rowsOf(again)).toEqual([...rows.slice(0, whole), next])
      expect(files.peek(damagedPath)).toBeUndefined()
    }
  })

  it('F36 any byte flipped: at most that one row is missing, its line is kept aside, the rest stays', async () => {
    for (let at = 0; at < text.length; at += 1) {
      const mask = [1, 0x80, 0x2a][at % 3] ?? 1
      const bytes = Buffer.from(text)
      bytes[at] = (bytes[at] ?? 0) ^ mask
      const files = diskWith(bytes)
      const log = await open(files)
      const line = text.slice(0, at).split('\n').length - 1
      const isNewline = text[at] === '\n'
      const expected = isNewline ? rows : rows.filter((_, number) => number !== line)
      expect(rowsOf(log)).toEqual(expected)
      if (at < text.length - 1) expect(files.peek(damagedPath)?.length).toBeGreaterThan(0)
      await log.close()
      const before = files.operations
      expect(rowsOf(await open(files))).toEqual(expected)
      // Repaired once: the second opening has nothing left to write.
      expect(files.operations).toBe(before + 1)
    }
  })

  it('F36 a block of NULs in the middle, garbage, doubled and out-of-order lines do no harm', async () => {
    const [first = '', second = '', , fourth = ''] = text.split(/(?<=\n)/)
    const files = diskWith(
      `${first}${'\0'.repeat(5000)}\n${second}${second}not a row\n\n${fourth}${second}`,
    )
    const log = await open(files)
    expect(rowsOf(log)).toEqual([rows[0], rows[1], rows[3]])
  })

  it('F36 a line longer than any block does not stop the reading', async () => {
    const files = diskWith(
      `${encodeRow(segmentRow(0))}${'x'.repeat(3_000_000)}\n${encodeRow(segmentRow(5))}`,
    )
    expect(rowsOf(await open(files))).toEqual([segmentRow(0), segmentRow(5)])
  })

  it('read mode takes what is whole and changes nothing', async () => {
    const torn = `${text}broken line\n[1,"s",9`
    const files = diskWith(torn)
    const log = await open(files, 'read')
    expect(rowsOf(log)).toEqual(rows)
    expect(files.operations).toBe(0)
    expect(files.peek(path)?.toString()).toBe(torn)
    await expect(log.append([segmentRow(9)])).rejects.toThrow('reading')
  })

  it('a log that is not there is empty in read mode', async () => {
    const files = diskWith('')
    files.remove(path)
    expect((await open(files, 'read')).index.length).toBe(0)
  })

  it('a log of a newer version is refused and left as it is', async () => {
    const signed = `${text}[9,"s",1,${crc32('[9,"s",1')}]\n`
    const files = diskWith(signed)
    await expect(open(files)).rejects.toMatchObject({ code: 'library_too_new' })
    expect(files.peek(path)?.toString()).toBe(signed)
  })

  describe('with late segments', () => {
    const late = (index: number, number: number): Row =>
      segmentRow(index, { late: { number, apart: false } })
    const gap: Row = { kind: 'gap', index: 1, ...sampleGap(1, { count: 3, durationSec: 12 }) }
    const lines = [segmentRow(0), gap, segmentRow(4), late(3, 1), segmentRow(5), late(1, 2)].map(
      encodeRow,
    )
    const kinds = (log: SegmentLog) => rowsOf(log).map(({ kind, index }) => `${kind} ${index}`)
    const inOrder = ['segment 0', 'segment 1', 'gap 2', 'segment 3', 'segment 4', 'segment 5']

    it('puts each into the place of its gap when it is read', async () => {
      expect(kinds(await open(diskWith(lines.join(''))))).toEqual(inOrder)
    })

    it('F36 keeps them in their places when the log is written anew', async () => {
      const files = diskWith(`${lines.slice(0, 3).join('')}no row\n${lines.slice(3).join('')}`)
      expect(kinds(await open(files))).toEqual(inOrder)
      const operations = files.operations
      expect(kinds(await open(files))).toEqual(inOrder)
      expect(files.operations).toBe(operations + 1)
    })

    it('F36 keeps them where the row of their gap is damaged', async () => {
      const files = diskWith(lines.join('').replace('"g"', '"h"'))
      expect(kinds(await open(files))).toEqual(inOrder.filter((row) => row !== 'gap 2'))
    })

    it('F36 throws none out twice that stands there twice', async () => {
      const files = diskWith(`${lines.join('')}${lines.at(-1)}`)
      expect(kinds(await open(files))).toEqual(inOrder)
    })
  })

  it('rows that come together share one write and one sync, in order', async () => {
    const files = diskWith('')
    const log = await open(files)
    const names: string[] = []
    files.after = ({ name }) => names.push(name)
    await log.append([0, 1, 2, 3, 4].map((index) => segmentRow(index)))
    expect(names).toEqual(['write', 'sync'])
    expect(rowsOf(log).map(({ index }) => index)).toEqual([0, 1, 2, 3, 4])
  })

  it.each([
    ['write', 'ENOSPC', 'disk_full'],
    ['write', 'EDQUOT', 'disk_full'],
    ['sync', 'EIO', 'library_unwritable'],
    ['write', 'EROFS', 'library_unwritable'],
  ])(
    'F31 a failed %s (%s) rejects with %s, is not retried on that file, and leaves no trace',
    async (failing, errno, code) => {
      const files = diskWith(text)
      const log = await open(files)
      let failures = 0
      files.before = ({ name }) => {
        if (name !== failing || failures > 0) return undefined
        failures += 1
        return errno
      }
      await expect(log.append([segmentRow(5)])).rejects.toMatchObject({ code })
      expect(log.index.length).toBe(5)
      expect(files.peek(path)?.toString()).toBe(text)
      await log.append([segmentRow(6)])
      expect(rowsOf(await open(files))).toEqual([...rows, segmentRow(6)])
    },
  )

  it('F33 a log that was cut behind its back is not written to', async () => {
    const files = diskWith(text)
    const log = await open(files)
    let once = 'EIO'
    files.before = ({ name }) => {
      const now = name === 'sync' ? once : ''
      if (now !== '') once = ''
      return now === '' ? undefined : now
    }
    files.poke(path, Buffer.from(''))
    await expect(log.append([segmentRow(5)])).rejects.toMatchObject({ code: 'library_unwritable' })
    expect(log.sound).toBe(false)
    await expect(log.append([segmentRow(6)])).rejects.toMatchObject({ code: 'library_unwritable' })
  })
})
