import { describe, expect, it } from 'vitest'
import { readSpliceInfo } from '../../../../src-main/hls/parse/splice-info'

/** The header of a splice_info_section() and a command; lengths that nobody reads are 0. */
const section = (command: number, ...body: number[]) =>
  Buffer.from([0xfc, 0x30, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xf0, 0, command, ...body])
const insert = (flags: number, ...rest: number[]) => section(5, 0, 0, 0, 1, 0x7f, flags, ...rest)
const thirtySec = [0xfe, 0, 0x29, 0x32, 0xe0]
const segmentation = (flags: number, ...rest: number[]) => {
  const descriptor = [0x43, 0x55, 0x45, 0x49, 0, 0, 0, 1, 0x7f, flags, ...rest, 1, 1]
  const other = [0, 4, 0x43, 0x55, 0x45, 0x49]
  const loop = [...other, 2, descriptor.length, ...descriptor]
  return section(6, 0xfe, 0, 0, 0, 0, 0, loop.length, ...loop)
}

describe('readSpliceInfo', () => {
  it.each([
    {
      what: 'splice_insert, out, 60.293 s (an example of the standard)',
      text: '/DAvAAAAAAAA///wFAVIAACPf+/+c2nALv4AUsz1AAAAAAAKAAhDVUVJAAABNWLbowo=',
      info: { kind: 'out', plannedDurationSec: 5_426_421 / 90_000 },
    },
    {
      what: 'time_signal, placement opportunity start, 307 s (an example of the standard)',
      text: '/DA0AAAAAAAA///wBQb+cr0AUAAeAhxDVUVJSAAAjn/PAAGlmbAICAAAAAAsoKGKNAIAmsnRfg==',
      info: { kind: 'out', plannedDurationSec: 307 },
    },
    {
      what: 'time_signal, placement opportunity end (an example of the standard)',
      text: '/DAvAAAAAAAA///wBQb+dGKQoAAZAhdDVUVJSAAAjn+fCAgAAAAALKChijUCAKnMZ1g=',
      info: { kind: 'in' },
    },
    { what: 'splice_insert, in', text: insert(0x50), info: { kind: 'in' } },
    {
      what: 'splice_insert, out at once',
      text: insert(0xf0, ...thirtySec),
      info: { kind: 'out', plannedDurationSec: 30 },
    },
    {
      what: 'splice_insert, out at a time that is not said',
      text: insert(0xe0, 0x7f, ...thirtySec),
      info: { kind: 'out', plannedDurationSec: 30 },
    },
    {
      what: 'splice_insert of single components',
      text: insert(0xb0, 1, 7, ...thirtySec),
      info: { kind: 'out' },
    },
    {
      what: 'time_signal behind another descriptor',
      text: segmentation(0xff, 0, 0, 0x29, 0x32, 0xe0, 0, 0, 0x30),
      info: { kind: 'out', plannedDurationSec: 30 },
    },
    {
      what: 'time_signal of one component',
      text: segmentation(0x3f, 1, 9, 0, 0, 0, 0, 0, 0, 0, 0x31),
      info: { kind: 'in' },
    },
  ])('reads $what', ({ text, info }) => {
    expect(readSpliceInfo(typeof text === 'string' ? text : text.toString('base64'))).toEqual(info)
  })

  it.each([
    { what: 'nothing', bytes: Buffer.alloc(0) },
    { what: 'another table', bytes: Buffer.alloc(40, 1) },
    { what: 'splice_null', bytes: section(0) },
    { what: 'a cancelled splice', bytes: section(5, 0, 0, 0, 1, 0xff) },
    { what: 'a programme start', bytes: segmentation(0xbf, 0, 0, 0x10) },
    { what: 'a message cut short', bytes: insert(0xf0, 0xfe) },
    { what: 'a loop that says it is longer', bytes: section(6, 0x7f, 0xff, 0xff, 0, 0) },
    { what: 'an encrypted message', bytes: insert(0xd0).fill(0xff, 4, 5) },
  ])('says nothing about $what', ({ bytes }) => {
    expect(readSpliceInfo(bytes.toString('base64'))).toBeUndefined()
  })

  it('does not look at what is longer than any message', () => {
    const long = Buffer.concat([insert(0xf0, ...thirtySec), Buffer.alloc(20_000)])
    expect(readSpliceInfo(long.toString('base64'))).toBeUndefined()
  })
})
