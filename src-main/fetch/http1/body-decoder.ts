import { MalformedAnswerError, type ResponseHead } from './response-head'

/** Finds the body in what a connection brings (RFC 9112 6). */
export interface BodyDecoder {
  /** The body has ended; what follows belongs to something else. */
  readonly isDone: boolean
  /** The end of the connection ends the body, too. */
  readonly endsWithConnection: boolean
  /**
   * One step: hands on one piece of the body at most.
   * @returns how many of `bytes` it used, at least one.
   * @throws MalformedAnswerError
   */
  step(bytes: Uint8Array, onData: (piece: Uint8Array) => void): number
}

/** Size lines with their extensions, and trailers, at most. */
const MOST_LINE_BYTES = 16_384
const LF = 0x0a

function byLength(length: number): BodyDecoder {
  let left = length
  return {
    get isDone() {
      return left === 0
    },
    endsWithConnection: false,
    step(bytes, onData) {
      const piece = bytes.subarray(0, left)
      left -= piece.length
      onData(piece)
      return piece.length
    },
  }
}

function untilClose(): BodyDecoder {
  return {
    isDone: false,
    endsWithConnection: true,
    step(bytes, onData) {
      onData(bytes)
      return bytes.length
    },
  }
}

function byChunks(): BodyDecoder {
  let state: 'size' | 'data' | 'after-data' | 'trailer' | 'done' = 'size'
  let line = ''
  let left = 0

  const endLine = (): void => {
    const text = line.trimEnd()
    line = ''
    if (state === 'size') {
      const digits = /^([\da-f]{1,12})\s*(?:;|$)/i.exec(text)?.[1]
      if (digits === undefined) throw new MalformedAnswerError('a bad chunk size')
      left = Number.parseInt(digits, 16)
      state = left === 0 ? 'trailer' : 'data'
    } else if (state === 'after-data') {
      if (text !== '') throw new MalformedAnswerError('a chunk longer than it says')
      state = 'size'
    } else if (text === '') state = 'done'
  }

  return {
    get isDone() {
      return state === 'done'
    },
    endsWithConnection: false,
    step(bytes, onData) {
      if (state === 'data') {
        const piece = bytes.subarray(0, left)
        left -= piece.length
        if (left === 0) state = 'after-data'
        onData(piece)
        return piece.length
      }
      const lineEnd = bytes.indexOf(LF)
      const used = lineEnd === -1 ? bytes.length : lineEnd + 1
      line += Buffer.from(bytes.subarray(0, used)).toString('latin1')
      if (line.length > MOST_LINE_BYTES) throw new MalformedAnswerError('an endless chunk line')
      if (lineEnd !== -1) endLine()
      return used
    },
  }
}

/**
 * How the body of this answer to a GET is framed (RFC 9112 6.3).
 * @throws MalformedAnswerError
 */
export function bodyDecoderFor({ status, header }: ResponseHead): BodyDecoder {
  if (status < 200 || status === 204 || status === 304) return byLength(0)
  const coding = header('transfer-encoding')
  const length = header('content-length')
  if (coding !== null) {
    if (length !== null) throw new MalformedAnswerError('both a length and a transfer coding')
    return /(?:^|,)\s*chunked$/i.test(coding) ? byChunks() : untilClose()
  }
  if (length === null) return untilClose()
  if (!/^\d{1,15}$/.test(length)) throw new MalformedAnswerError('a bad length')
  return byLength(Number(length))
}
