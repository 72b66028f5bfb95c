import { describe, expect, it } from 'vitest'
import { bodyDecoderFor } from '../../../../src-main/fetch/http1/body-decoder'
import { parseResponseHead } from '../../../../src-main/fetch/http1/response-head'

const decoderFor = (...fields: string[]) =>
  bodyDecoderFor(parseResponseHead(['HTTP/1.1 200 OK', ...fields].join('\r\n')))

/** Feeds `text` in pieces of `size` bytes. */
function decode(decoder: ReturnType<typeof decoderFor>, text: string, size: number) {
  const bytes = Buffer.from(text)
  let body = ''
  let used = 0
  for (let at = 0; at < bytes.length && !decoder.isDone; at += size) {
    const piece = bytes.subarray(at, at + size)
    for (let from = 0; from < piece.length && !decoder.isDone; ) {
      const step = decoder.step(piece.subarray(from), (data) => {
        body += Buffer.from(data).toString()
      })
      from += step
      used += step
    }
  }
  return { body, left: text.slice(used), isDone: decoder.isDone }
}

describe('the body of an answer', () => {
  it.each([1, 2, 3, 7, 1000])('ends after its length, in pieces of %i bytes', (size) => {
    const found = decode(decoderFor('Content-Length: 5'), 'hello HTTP/1.1', size)
    expect(found).toEqual({ body: 'hello', left: ' HTTP/1.1', isDone: true })
  })

  it.each([1, 2, 3, 7, 1000])('is put together from its chunks, in pieces of %i bytes', (size) => {
    const text = '5\r\nhello\r\n00a;name="v"\r\n, big worl\r\n1 \r\nd\r\n0\r\nx-sum: 1\r\n\r\nnext'
    const found = decode(decoderFor('Transfer-Encoding: gzip, Chunked'), text, size)
    expect(found).toEqual({ body: 'hello, big world', left: 'next', isDone: true })
  })

  it('goes on to the end of the connection where nothing is said', () => {
    const decoder = decoderFor()
    expect(decode(decoder, 'hello', 2)).toEqual({ body: 'hello', left: '', isDone: false })
    expect(decoder.endsWithConnection).toBe(true)
  })

  it.each(['204 No Content', '304 Not Modified'])('is none with %s', (status) => {
    const head = parseResponseHead(`HTTP/1.1 ${status}\r\ncontent-length: 7`)
    expect(bodyDecoderFor(head).isDone).toBe(true)
  })

  it.each([
    ['no size', 'x\r\nhello\r\n'],
    ['a negative size', '-5\r\nhello\r\n'],
    ['a chunk longer than its size', '4\r\nhello\r\n'],
    ['an endless line', `${'5;'.padEnd(20_000, 'x')}\r\n`],
    ['an endless trailer', `0\r\n${'x'.repeat(20_000)}`],
  ])('is refused with %s', (_what, text) => {
    expect(() => decode(decoderFor('transfer-encoding: chunked'), text, 100)).toThrow()
  })

  it.each([
    [['Content-Length: 5', 'Transfer-Encoding: chunked']],
    [['Content-Length: 5', 'Content-Length: 6']],
    [['Content-Length: -1']],
    [['Content-Length: 0x10']],
  ])('is refused where its length is in doubt: %j', (fields) => {
    expect(() => decoderFor(...fields)).toThrow()
  })
})

describe('the head of an answer', () => {
  it('has its headers by name, repeated ones joined', () => {
    const head = parseResponseHead(
      'HTTP/1.1 206 Partial Content\r\nCONTENT-Range:  bytes 0-1/2 \r\nvia: a\r\nVia: b\r\nempty:',
    )
    expect(head.status).toBe(206)
    expect(head.header('content-range')).toBe('bytes 0-1/2')
    expect(head.header('via')).toBe('a, b')
    expect(head.header('empty')).toBe('')
    expect(head.header('constructor')).toBeNull()
  })

  it.each([
    ['HTTP/1.1 200 OK', true],
    ['HTTP/1.1 200', true],
    ['HTTP/1.1 200 OK\r\nConnection: Close', false],
    ['HTTP/1.0 200 OK', false],
    ['HTTP/1.0 200 OK\r\nConnection: Keep-Alive', true],
  ])('tells whether the connection stays: %j', (text, keepsAlive) => {
    expect(parseResponseHead(text).keepsAlive).toBe(keepsAlive)
  })

  it.each([
    'ICY 200 OK',
    'HTTP/2 200 OK',
    'HTTP/1.1 0 OK',
    'HTTP/1.1 200 OK\r\nno colon',
    'HTTP/1.1 200 OK\r\nname : value',
    'HTTP/1.1 200 OK\r\n folded',
    '',
  ])('is refused where it is none: %j', (text) => {
    expect(() => parseResponseHead(text)).toThrow()
  })
})
