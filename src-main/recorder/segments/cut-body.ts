import type { BodySink } from '../../fetch/http'

interface Piece<T> extends BodySink<T> {
  discard(): Promise<void>
}

/** A sink for a body that holds several resources, one behind the other. */
export interface CutBody extends BodySink<void> {
  /** Of the piece that is not whole yet. */
  discard(): Promise<void>
}

/**
 * @param options.lengths bytes of each piece, in their order.
 * @param options.open a sink for the next piece.
 * @param options.onPiece a piece is whole.
 */
export function cutBody<T>(options: {
  readonly lengths: readonly number[]
  readonly open: () => Promise<Piece<T>>
  readonly onPiece: (value: T, at: number) => void
}): CutBody {
  const { lengths, open, onPiece } = options
  let at = 0
  let left = lengths[0] ?? 0
  let piece: Piece<T> | undefined

  const begin = async (rest: Uint8Array): Promise<void> => {
    piece = await open()
    await write(rest)
  }
  const finish = async (whole: Piece<T>, rest: Uint8Array): Promise<void> => {
    onPiece(await whole.end(), at)
    piece = undefined
    at += 1
    left = lengths[at] ?? 0
    if (rest.byteLength > 0) await write(rest)
  }
  const write = (chunk: Uint8Array): Promise<void> | undefined => {
    if (at >= lengths.length) return undefined
    if (piece === undefined) return begin(new Uint8Array(chunk))
    const current = piece
    const own = chunk.subarray(0, left)
    left -= own.byteLength
    const busy = current.write(own)
    if (left > 0) return busy
    const rest = chunk.subarray(own.byteLength)
    const kept = new Uint8Array(rest)
    return busy === undefined ? finish(current, kept) : busy.then(() => finish(current, kept))
  }

  return {
    write,
    end: () => undefined,
    async discard() {
      await piece?.discard()
    },
  }
}
