import { describe, expect, it } from 'vitest'
import { silentLogger } from '../../../../src-main/ports/logger'
import { openMediaSink } from '../../../../src-main/recorder/segments/media-sink'
import { sampleMeta, sampleSegment, sampleTrack } from '../../../support/fault-store-samples'
import { openInMemory } from '../../../support/library-in-memory'
import { createMemoryFilePort } from '../../../support/memory-file-port'

const PACKET_BYTES = 188

/** MPEG-TS as far as its framing goes: null packets. */
function packets(count: number): Buffer {
  const body = Buffer.alloc(count * PACKET_BYTES, 0xff)
  for (let at = 0; at < body.length; at += PACKET_BYTES) body.set([0x47, 0x1f, 0xff, 0x10], at)
  return body
}

async function setUp() {
  const files = createMemoryFilePort()
  const library = await openInMemory(files)
  const recording = await library.create(sampleMeta)
  const track = await recording.addTrack(sampleTrack)
  const folder = `/library/recordings/${recording.id}`
  const sink = await openMediaSink({ track, logger: silentLogger })
  const temps = () => files.names(`${folder}/tmp`)
  return { files, track, sink, temps }
}

describe('a media sink', () => {
  it('takes a body however it is cut, and gives a file that the track can commit', async () => {
    const { files, track, sink, temps } = await setUp()
    const body = packets(50)
    for (let at = 0; at < body.length; at += 1000) await sink.write(body.subarray(at, at + 1000))
    const { temp, extension } = await sink.end()
    expect(extension).toBe('ts')
    expect(temp.bytes).toBe(body.length)
    const row = await track.commitSegment(temp, sampleSegment(0, { extension }))
    expect(files.peek(track.pathOf(row))).toEqual(body)
    expect(temps()).toEqual([])
  })

  it('holds nothing back while its buffer has room, and what follows while it is written', async () => {
    const { sink } = await setUp()
    expect(sink.write(packets(100))).toBeUndefined()
    const large = packets(20_000)
    expect(sink.write(large)).toBeInstanceOf(Promise)
  })

  it('F15 refuses a web page as soon as it sees one, and leaves no file behind', async () => {
    const { sink, temps } = await setUp()
    const page = Buffer.from(`<!doctype html><title>Not here</title>${' '.repeat(1000)}`)
    expect(() => sink.write(page)).toThrow(expect.objectContaining({ code: 'not_media' }))
    await sink.discard()
    expect(temps()).toEqual([])
  })

  it('F14 refuses a body that ends inside a packet, and leaves no file behind', async () => {
    const { sink, temps } = await setUp()
    await sink.write(packets(50).subarray(0, -20))
    await expect(sink.end()).rejects.toMatchObject({ code: 'truncated' })
    expect(temps()).toHaveLength(1)
    await sink.discard()
    expect(temps()).toEqual([])
  })

  it('may be discarded twice', async () => {
    const { sink, temps } = await setUp()
    await sink.write(packets(10))
    await sink.discard()
    await sink.discard()
    expect(temps()).toEqual([])
  })
})
