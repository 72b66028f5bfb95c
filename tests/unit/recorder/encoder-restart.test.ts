import { createCipheriv } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { gaps, numbers, segmentBody, setUpRecorder } from '../../support/fake-recorder'
import { mediaPlaylist } from '../../support/playlists'

const box = (type: string, body = Buffer.alloc(0)) => {
  const head = Buffer.alloc(8)
  head.writeUInt32BE(8 + body.length)
  head.write(type, 4)
  return Buffer.concat([head, body])
}
const initOf = (run: number) =>
  Buffer.concat([box('ftyp', Buffer.from('isom\0\0\0\0')), box('moov', Buffer.alloc(8 * run))])
const fragment = Buffer.concat([box('moof', box('mfhd', Buffer.alloc(8))), box('mdat')])
const initSection = { uri: 'http://edge1/init.mp4' }

const keyOf = (run: number) => Buffer.alloc(16, run)
const key = { method: 'AES-128', uri: 'http://edge1/enc.key' }
function encrypted(url: string, run: number): Buffer {
  const iv = Buffer.alloc(16)
  iv.writeUInt32BE(Number(/-(\d+)\.ts/.exec(url)?.[1]), 12)
  const cipher = createCipheriv('aes-128-cbc', keyOf(run), iv)
  return Buffer.concat([cipher.update(segmentBody), cipher.final()])
}

describe('an encoder that starts anew behind the same addresses', () => {
  it.each(['epoch', 'discontinuity'] as const)(
    'F03 F21 has its new initialization section from the %s on',
    async (kind) => {
      let run = 1
      const { clock, library, record, world, http } = setUpRecorder((request) => {
        if (request.kind === 'init') return { body: initOf(run) }
        return request.kind === 'segment' ? { body: fragment } : undefined
      })
      world.playlist = mediaPlaylist({ first: 100, count: 3, patch: () => ({ initSection }) })
      const { id } = await record()
      run = 2
      const isEpoch = kind === 'epoch'
      world.playlist = mediaPlaylist({
        first: isEpoch ? 0 : 103,
        count: 3,
        run: 'b',
        patch: ({ mediaSequence }) => ({
          initSection,
          ...(isEpoch ? {} : { discontinuitySequence: 1, discontinuity: mediaSequence === 103 }),
        }),
      })
      await clock.advance(60_000)
      const rows = library.rows(id)
      const used = rows.flatMap((row) => (row.kind === 'segment' ? [row.initIndex] : []))
      expect(used.map((index) => used.indexOf(index))).toEqual([0, 0, 0, 3, 3, 3])
      expect(http.requests.filter((request) => request.kind === 'init')).toHaveLength(2)
    },
  )

  it.each(['b', 'a'])('F22 is decrypted with its new key (names of run %s)', async (names) => {
    let run = 1
    const { clock, library, record, world, http } = setUpRecorder((request) => {
      if (request.kind === 'key') return { body: keyOf(run) }
      return request.kind === 'segment' ? { body: encrypted(request.url, run) } : undefined
    })
    world.playlist = mediaPlaylist({ first: 100, count: 3, patch: () => ({ key }) })
    const { id } = await record()
    run = 2
    const first = names === 'a' ? 103 : 0
    world.playlist = mediaPlaylist({ first, count: 3, run: names, patch: () => ({ key }) })
    await clock.advance(60_000)
    const rows = library.rows(id)
    expect(numbers(rows)).toEqual([100, 101, 102, first, first + 1, first + 2])
    expect(gaps(rows)).toEqual([])
    expect(http.requests.filter((request) => request.kind === 'key')).toHaveLength(2)
  })

  it('F22 asks for a key once per failed attempt at most when the key is not to blame', async () => {
    const { clock, record, world, http } = setUpRecorder((request) => {
      if (request.kind === 'key') return { body: keyOf(1) }
      return request.kind === 'segment' ? { body: '<html></html>   ' } : undefined
    })
    world.playlist = mediaPlaylist({ first: 0, count: 3, patch: () => ({ key }) })
    await record()
    await clock.advance(60_000)
    const asked = (kind: string) => http.requests.filter((request) => request.kind === kind).length
    expect(asked('segment')).toBeGreaterThan(6)
    expect(asked('key')).toBeLessThanOrEqual(asked('segment'))
  })
})
