import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { bodyOfStream } from '../../../src-main/fetch/body'
import { HttpError } from '../../../src-main/fetch/http'
import { type BodyOptions, receiveBody } from '../../../src-main/fetch/receive-body'

/** A body that the test feeds, and what was made of it. */
function receive(more: Partial<BodyOptions> = {}) {
  const body = new PassThrough()
  const received: string[] = []
  const expected: string[] = []
  const done = new Promise<{ isWhole: boolean }>((resolve, reject) => {
    receiveBody({
      body: bodyOfStream(body),
      url: 'https://h.example/a.ts?token=canary',
      policy: { capBytes: 20, idleMs: 1000 },
      deadlines: {
        expect: (_ms, what) => expected.push(what),
        rest: () => expected.push('nothing'),
      },
      slice: { skip: 0, length: undefined, dropRest: false },
      write(chunk) {
        received.push(Buffer.from(chunk).toString())
        return undefined
      },
      onEnd: (isWhole) => resolve({ isWhole }),
      onError: reject,
      ...more,
    })
  })
  return { body, received, expected, done }
}

describe('receiving a body', () => {
  it('hands it on and tells that the connection is free', async () => {
    const { body, received, done } = receive()
    body.write('some')
    body.end('thing')
    expect(await done).toEqual({ isWhole: true })
    expect(received.join('')).toBe('something')
  })

  it('cuts a range out of an answer that holds everything, and does not wait for the rest', async () => {
    const slice = { skip: 3, length: 4, dropRest: true }
    const { body, received, done } = receive({ slice })
    body.write('01')
    body.write('2345')
    body.write('6789')
    expect(await done).toEqual({ isWhole: false })
    expect(received.join('')).toBe('3456')
  })

  it('F12 ends with `truncated` where less comes than was asked for', async () => {
    const { body, done } = receive({ slice: { skip: 0, length: 10, dropRest: false } })
    body.end('short')
    await expect(done).rejects.toMatchObject({ code: 'truncated' })
  })

  it('F13 ends with `truncated` where the connection breaks, without the secrets of its address', async () => {
    for (const cause of [new Error('ECONNRESET'), undefined]) {
      const { body, done } = receive()
      body.destroy(cause)
      const error: unknown = await done.catch((reason: unknown) => reason)
      expect(error).toBeInstanceOf(HttpError)
      expect(String(error)).not.toContain('canary')
    }
  })

  it('S24 ends at the cap', async () => {
    const { body, done } = receive()
    body.write('x'.repeat(21))
    await expect(done).rejects.toMatchObject({ code: 'too_large' })
    expect(body.destroyed).toBe(true)
  })

  it('expects nothing of the server, and takes nothing from it, while the sink is busy', async () => {
    let resume = (): void => {}
    const { body, expected, done } = receive({
      write: () =>
        new Promise((resolve) => {
          resume = resolve
        }),
    })
    body.write('first')
    await new Promise((resolve) => setImmediate(resolve))
    expect(body.isPaused()).toBe(true)
    expect(expected.at(-1)).toBe('nothing')
    resume()
    body.end()
    expect(await done).toEqual({ isWhole: true })
  })

  it('ends with what the sink failed with', async () => {
    const full = new Error('disk full')
    for (const write of [
      () => Promise.reject(full),
      () => {
        throw full
      },
    ]) {
      const { body, done } = receive({ write })
      body.write('first')
      await expect(done).rejects.toBe(full)
      expect(body.destroyed).toBe(true)
    }
  })
})
