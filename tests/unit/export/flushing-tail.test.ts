import { describe, expect, it } from 'vitest'
import { flushingTail } from '../../../src-main/export/flushing-tail'
import { readUnits, writeUnits } from '../../support/ts-packets'

const unit = (pid: number, payload: readonly number[]) => ({
  pid,
  adaptation: new Uint8Array(),
  payload: Uint8Array.from(payload),
})
const pes = (streamId: number) => [0, 0, 1, streamId, 0, 0, 0x80, 0, 0, 1, 2, 3]
const table = unit(0, [0, 0, 0xb0, 0x0d])

describe('flushingTail', () => {
  it('begins two pictures on the PID of the picture', () => {
    const sound = unit(0x101, pes(0xc0))
    const picture = unit(0x1abc, pes(0xe0))
    const tail = flushingTail(writeUnits([table, sound, picture], (pid) => pid === 0))
    const [first, second, ...more] = readUnits(tail.packets)
    expect([first?.pid, second?.pid]).toEqual([0x1abc, 0x1abc])
    expect(more).toEqual([])
    expect([...(first?.payload ?? [])].slice(9, 15)).toEqual([0, 0, 0, 1, 9, 0xf0])
    expect(second?.payload).toHaveLength(9)
  })

  it('begins another frame of AC-3 on its PID', () => {
    const frame = [0x0b, 0x77, 1, 2, 3, 4, 5, 6, 7, 8]
    const sound = unit(0x102, [...pes(0xbd).slice(0, 9), ...frame])
    const tail = flushingTail(writeUnits([table, sound], (pid) => pid === 0))
    expect(tail).toMatchObject({ hasPicture: false, hasAc3: true })
    const [only] = readUnits(tail.packets)
    expect([...(only?.payload ?? [])].slice(3)).toEqual([
      0xbd,
      0,
      10,
      0x80,
      0,
      0,
      ...frame.slice(0, 7),
    ])
  })

  it('is nothing for other sound alone, and for what is no MPEG-TS', () => {
    const none = { hasPicture: false, hasAc3: false, packets: Buffer.alloc(0) }
    expect(flushingTail(writeUnits([table, unit(0x101, pes(0xc0))], (pid) => pid === 0))).toEqual(
      none,
    )
    expect(flushingTail(new Uint8Array(1000).fill(0x47))).toEqual(none)
  })
})
