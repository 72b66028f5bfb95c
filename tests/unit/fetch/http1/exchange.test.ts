import { describe, expect, it } from 'vitest'
import type { Body } from '../../../../src-main/fetch/body'
import { createExchange } from '../../../../src-main/fetch/http1/exchange'

/** An exchange whose bytes the test feeds through one piece of memory, as sockets do. */
function setUp(onHead: (begin: () => void) => void = () => {}) {
  const memory = Buffer.alloc(256)
  const log: string[] = []
  let body: Body | undefined
  const exchange = createExchange({
    connection: { resume: () => log.push('resume'), destroy: () => log.push('destroy') },
    onHead(head, arriving) {
      log.push(`head ${head.status}`)
      body = arriving
      onHead(begin)
    },
    onFailure: (cause) => log.push(`failure ${String(cause)}`),
    onDone: (isReusable) => log.push(`done ${isReusable}`),
  })
  const begin = (onData?: (body: Body) => void): void => {
    body?.begin({
      onData(chunk) {
        log.push(`data ${Buffer.from(chunk).toString()}`)
        if (body !== undefined) onData?.(body)
      },
      onEnd: () => log.push('end'),
      onError: (cause) => log.push(`error ${String(cause)}`),
    })
  }
  return {
    exchange,
    log,
    feed(text: string) {
      const bytes = memory.write(text, 'latin1')
      const goOn = exchange.push(memory.subarray(0, bytes))
      memory.fill('#')
      return goOn
    },
    begin,
    resume: () => body?.resume(),
  }
}

describe('an exchange', () => {
  it('hands the body on at once where it is begun in the call that tells of the head', () => {
    const { feed, log } = setUp((begin) => begin())
    expect(feed('HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nab')).toBe(true)
    expect(feed('cd')).toBe(true)
    expect(log).toEqual(['head 200', 'data ab', 'data cd', 'done true', 'end'])
  })

  it('keeps what came with the head until the body is begun, then reads on', () => {
    const { feed, begin, log } = setUp()
    expect(feed('HTTP/1.1 200 OK\r\ncontent-le')).toBe(true)
    expect(feed('ngth: 6\r\n\r\nab')).toBe(false)
    expect(log).toEqual(['head 200'])
    begin()
    expect(feed('cd')).toBe(true)
    feed('ef')
    expect(log.slice(1)).toEqual(['data ab', 'resume', 'data cd', 'data ef', 'done true', 'end'])
  })

  it('finds the end of the head wherever it is cut', () => {
    const text = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n'
    for (let cut = 1; cut < text.length; cut += 1) {
      const { feed, begin, log } = setUp()
      feed(text.slice(0, cut))
      feed(`${text.slice(cut)}ok`)
      begin()
      expect(log).toContain('data ok')
    }
  })

  it('leaves out interim answers', () => {
    const { feed, begin, log } = setUp()
    feed('HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n')
    feed('HTTP/1.1 204 No Content\r\n\r\n')
    begin()
    expect(log).toEqual(['head 204', 'done true', 'end'])
  })

  it('hands on nothing while the receiver is busy, and loses nothing', () => {
    const { feed, begin, resume, log } = setUp()
    feed('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n')
    begin((body) => body.pause())
    expect(feed('2\r\nab\r\n2\r\ncd\r\n0\r\n\r\n')).toBe(false)
    expect(log.slice(2)).toEqual(['data ab'])
    resume()
    expect(log.slice(3)).toEqual(['data cd'])
    resume()
    expect(log.slice(4)).toEqual(['done true', 'end'])
  })

  it('does not use a connection again that brought more than the answer', () => {
    const { feed, begin, log } = setUp()
    feed('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nokHTTP/1.1 200 OK')
    begin()
    expect(log.slice(1)).toEqual(['data ok', 'done false', 'end'])
  })

  it('ends with the connection where no length was told, else it is cut', () => {
    for (const [length, ending] of [
      ['', ['done false', 'end']],
      ['content-length: 9\r\n', ['destroy', 'error undefined']],
    ] as const) {
      const { exchange, feed, begin, log } = setUp()
      feed(`HTTP/1.1 200 OK\r\n${length}\r\nab`)
      exchange.closed(undefined)
      begin()
      expect(log).toEqual(['head 200', 'data ab', ...ending])
    }
  })

  it('tells why a connection broke', () => {
    const { exchange, feed, begin, log } = setUp()
    feed('HTTP/1.1 200 OK\r\n\r\nab')
    begin()
    exchange.closed('ECONNRESET')
    expect(log.slice(-1)).toEqual(['error ECONNRESET'])
  })

  it('is a failure where the connection ends before the head, or what comes is none', () => {
    const silent = setUp()
    silent.exchange.closed(undefined)
    expect(silent.log).toEqual(['destroy', 'failure undefined'])
    const strange = setUp()
    strange.feed('ICY 200 OK\r\n\r\n')
    expect(strange.log[1]).toMatch(/^failure .*status line/)
    const endless = setUp()
    for (let piece = 0; piece < 300; piece += 1) endless.feed('x'.repeat(250))
    expect(endless.log[1]).toMatch(/^failure .*endless/)
  })
})
