import { describe, expect, it } from 'vitest'
import { cutBody } from '../../../../src-main/recorder/segments/cut-body'

/** Pieces of these lengths, out of `text` in chunks of `size`. `isSlow`: each write is waited for. */
async function cut(options: { lengths: number[]; text: string; size: number; isSlow: boolean }) {
  const { lengths, text, size, isSlow } = options
  const pieces: [number, string][] = []
  let discarded = 0
  const sink = cutBody({
    lengths,
    async open() {
      let piece = ''
      return {
        write(chunk) {
          piece += Buffer.from(chunk).toString()
          return isSlow ? Promise.resolve() : undefined
        },
        end: () => piece,
        discard: async () => {
          discarded += 1
        },
      }
    },
    onPiece: (piece, at) => pieces.push([at, piece]),
  })
  for (let at = 0; at < text.length; at += size) {
    await sink.write(Buffer.from(text.slice(at, at + size)))
  }
  await sink.end()
  await sink.discard()
  return { pieces, discarded }
}

describe('a body that holds several pieces', () => {
  it.each([1, 2, 3, 5, 100])('is cut, in chunks of %i bytes', async (size) => {
    for (const isSlow of [false, true]) {
      const { pieces, discarded } = await cut({
        lengths: [3, 1, 4],
        text: 'aaabcccc',
        size,
        isSlow,
      })
      expect(pieces).toEqual([
        [0, 'aaa'],
        [1, 'b'],
        [2, 'cccc'],
      ])
      expect(discarded).toBe(0)
    }
  })

  it('leaves out what comes behind the last piece', async () => {
    const { pieces } = await cut({ lengths: [2], text: 'abcd', size: 3, isSlow: false })
    expect(pieces).toEqual([[0, 'ab']])
  })

  it('gives up the piece that is not whole', async () => {
    const { pieces, discarded } = await cut({
      lengths: [2, 3],
      text: 'abc',
      size: 1,
      isSlow: false,
    })
    expect(pieces).toEqual([[0, 'ab']])
    expect(discarded).toBe(1)
  })
})
