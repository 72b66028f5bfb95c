import { describe, expect, it } from 'vitest'
import { createLogger } from '../../../src-main/observe/logger'
import { VsrError } from '../../../src-preload/contract/errors'

const CANARY = 'c4n4ry'

function capture(options: { level?: string; pretty?: boolean } = {}) {
  const lines: string[] = []
  const logger = createLogger({
    level: options.level ?? 'debug',
    ...(options.pretty === undefined ? {} : { pretty: options.pretty }),
    destination: { write: (line) => void lines.push(line) },
  })
  return { lines, logger }
}

describe('createLogger', () => {
  it('S35 writes no secret, wherever it stands', () => {
    const { lines, logger } = capture()
    const cause = new VsrError(
      'source_forbidden',
      `GET https://u:${CANARY}@h.example/a?sig=${CANARY}`,
    )
    const err = new Error(`failed at https://h.example/x.m3u8?token=${CANARY}`, { cause })
    logger.error({ err }, `no answer from https://h.example/p?x=${CANARY}#${CANARY}`)
    logger.info(
      {
        url: `http://127.0.0.1:1/live/stream.m3u8?token=${CANARY}`,
        path: `/live/stream.m3u8?dvr=1&token=${CANARY}`,
        headers: { Authorization: `Bearer ${CANARY}`, cookie: CANARY, 'X-Api-Key': CANARY },
        list: [{ mediaToken: CANARY }, `Bearer ${CANARY}`],
        password: CANARY,
      },
      'a request',
    )
    logger
      .child({ url: `https://u:${CANARY}@h.example/` })
      .warn({}, `Authorization: Basic ${CANARY}`)
    expect(lines).toHaveLength(3)
    expect(lines.join('')).not.toContain(CANARY)
    expect(lines[0]).toContain('https://h.example/x.m3u8?[redacted]')
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      err: { message: expect.any(String), cause: { code: 'source_forbidden', type: 'VsrError' } },
    })
  })

  it('survives fields that go in circles', () => {
    const { lines, logger } = capture()
    const circle: Record<string, unknown> = {}
    circle['self'] = circle
    logger.info({ circle, big: 1n, bytes: new Uint8Array(9) }, 'odd')
    expect(lines[0]).toContain('[9 bytes]')
  })

  it('keeps to the level, and takes an unknown one for info', () => {
    const { lines, logger } = capture({ level: 'loud' })
    logger.debug({}, 'too quiet')
    logger.info({}, 'heard')
    expect(lines.map((line) => (JSON.parse(line) as { msg: string }).msg)).toEqual(['heard'])
  })

  it('writes lines for people on request', () => {
    const { lines, logger } = capture({ pretty: true })
    logger.warn({ id: 'abc' }, 'disk is nearly full')
    expect(lines[0]).toMatch(/^\d\d:\d\d:\d\d warn  disk is nearly full id=abc\n$/)
    const missing = new VsrError('source_not_found', 'There is nothing there (404).')
    logger.warn({ err: missing, code: missing.code, nested: { a: 1 } }, 'trying again')
    expect(lines[1]).toMatch(
      /^\S+ warn  trying again: There is nothing there \(404\)\. \[source_not_found\]\n$/,
    )
  })

  it('gives expected failures no stack trace, bugs theirs', () => {
    const { lines, logger } = capture()
    const cause = new Error('connect ECONNREFUSED')
    logger.warn({ err: new VsrError('connection_failed', 'No connection.', { cause }) }, 'again')
    logger.error({ err: new TypeError('a bug') }, 'broken')
    expect(lines[0]).toContain('connect ECONNREFUSED')
    expect(lines[0]).not.toMatch(/"stack"|\bat .*:\d+/)
    expect(lines[1]).toContain('logger.test.ts')
  })

  it('shows people no stack trace at all', () => {
    const { lines, logger } = capture({ pretty: true })
    logger.error({ err: new TypeError('a bug') }, 'broken')
    expect(lines[0]).toContain('a bug')
    expect(lines[0]).not.toContain('logger.test.ts')
  })
})
