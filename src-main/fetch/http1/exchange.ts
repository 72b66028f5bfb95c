import type { Body, BodyReceiver } from '../body'
import { type BodyDecoder, bodyDecoderFor } from './body-decoder'
import { MalformedAnswerError, parseResponseHead, type ResponseHead } from './response-head'

/** One request's answer, as a connection brings it. */
export interface Exchange {
  /** What comes is taken as it comes: the head is there, and somebody has asked for the body. */
  readonly isFlowing: boolean
  /** Something has come. */
  readonly hasBegun: boolean
  /**
   * @param bytes whose memory is used again after the call.
   * @returns whether to go on reading; false until the connection is told to resume.
   */
  push(bytes: Uint8Array): boolean
  /** The connection has ended; `cause` where it broke. */
  closed(cause: unknown): void
}

/** What an exchange does to its connection. */
export interface ConnectionControl {
  /** Reads on. */
  resume(): void
  destroy(): void
}

const MOST_HEAD_BYTES = 65_536
const HEAD_END = '\r\n\r\n'
const NOTHING = new Uint8Array(0)

/**
 * @param options.onHead the answer's head has come; its body waits until it is begun. Never throws.
 * @param options.onFailure there is no answer.
 * @param options.onDone the body has come whole; whether the connection can carry another request.
 */
export function createExchange(options: {
  readonly connection: ConnectionControl
  readonly onHead: (head: ResponseHead, body: Body) => void
  readonly onFailure: (cause: unknown) => void
  readonly onDone: (isReusable: boolean) => void
}): Exchange {
  const { connection, onHead, onFailure, onDone } = options
  let headText = ''
  let head: ResponseHead | undefined
  let decoder: BodyDecoder | undefined
  let receiver: BodyReceiver | undefined
  /** Came, and was not handed on yet. */
  let held: Uint8Array = NOTHING
  let isPaused = true
  let hasBegun = false
  let isPushing = false
  let ending: { readonly cause: unknown } | undefined
  let isOver = false

  const fail = (cause: unknown): void => {
    if (isOver) return
    isOver = true
    connection.destroy()
    if (head === undefined) onFailure(cause)
    else receiver?.onError(cause)
  }
  const finish = (isReusable: boolean): void => {
    if (isOver) return
    isOver = true
    onDone(isReusable)
    receiver?.onEnd()
  }
  /** Hands on until the receiver has had enough, and keeps what is left. */
  const handOn = (bytes: Uint8Array): void => {
    if (decoder === undefined || receiver === undefined) return
    const { onData } = receiver
    let at = 0
    try {
      while (at < bytes.length && !isPaused && !decoder.isDone && !isOver) {
        at += decoder.step(bytes.subarray(at), onData)
      }
    } catch (error) {
      fail(error)
      return
    }
    if (isOver) return
    if (decoder.isDone) finish(head?.keepsAlive === true && at === bytes.length)
    else if (at < bytes.length) held = new Uint8Array(bytes.subarray(at))
    else if (ending !== undefined && !isPaused) end(ending.cause)
  }
  const end = (cause: unknown): void => {
    if (cause === undefined && decoder?.endsWithConnection === true) finish(false)
    else fail(cause)
  }
  const flowOn = (): void => {
    if (isOver || receiver === undefined) return
    isPaused = false
    // `push` goes on by itself.
    if (isPushing) return
    const waiting = held
    held = NOTHING
    handOn(waiting)
    if (!isPaused && !isOver && ending === undefined) connection.resume()
  }
  const body: Body = {
    begin(taker) {
      receiver = taker
      flowOn()
    },
    pause() {
      isPaused = true
    },
    resume: flowOn,
    destroy() {
      if (isOver) return
      isOver = true
      connection.destroy()
    },
  }
  /** @returns what of `bytes` follows the head; undefined while it is not whole. */
  const takeHead = (bytes: Uint8Array): Uint8Array | undefined => {
    const seen = headText.length
    headText += Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')
    const end = headText.indexOf(HEAD_END, Math.max(0, seen - HEAD_END.length))
    if (end === -1) {
      if (headText.length > MOST_HEAD_BYTES) throw new MalformedAnswerError('an endless head')
      return undefined
    }
    const found = parseResponseHead(headText.slice(0, end))
    const rest = bytes.subarray(end + HEAD_END.length - seen)
    headText = ''
    // Interim answers only announce the real one (RFC 9110 15.2).
    if (found.status < 200) return takeHead(rest)
    decoder = bodyDecoderFor(found)
    head = found
    return rest
  }

  return {
    get isFlowing() {
      return receiver !== undefined
    },
    get hasBegun() {
      return hasBegun
    },
    push(bytes) {
      if (isOver) return false
      hasBegun = true
      if (head !== undefined) {
        handOn(bytes)
        return !isPaused
      }
      try {
        const rest = takeHead(bytes)
        if (rest === undefined || head === undefined) return true
        isPushing = true
        onHead(head, body)
        isPushing = false
        if (isPaused) held = new Uint8Array(rest)
        else handOn(rest)
      } catch (error) {
        fail(error)
      }
      return !isPaused
    },
    closed(cause) {
      if (isOver) return
      ending ??= { cause }
      if (head === undefined) fail(cause)
      else if (!isPaused && held.length === 0) end(cause)
    },
  }
}
