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
    const [first, second, ...more] = readUnits(tail ?? new Uint8Array())
    expect([first?.pid, second?.pid]).toEqual([0x1abc, 0x1abc])
    expect(more).toEqual([])
    expect([...(first?.payload ?? [])].slice(9, 15)).toEqual([0, 0, 0, 1, 9, 0xf0])
    expect(second?.payload).toHaveLength(9)
  })

  it('is nothing for sound alone, and for what is no MPEG-TS', () => {
    expect(
      flushingTail(writeUnits([table, unit(0x101, pes(0xc0))], (pid) => pid === 0)),
    ).toBeUndefined()
    expect(flushingTail(new Uint8Array(1000).fill(0x47))).toBeUndefined()
  })
})
