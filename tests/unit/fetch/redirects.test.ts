import { describe, expect, it } from 'vitest'
import { nextHop } from '../../../src-main/fetch/redirects'

const chainOf = (...urls: string[]): URL[] => urls.map((url) => new URL(url))

describe('redirects', () => {
  it('F19 resolve against the URL that sent them', () => {
    expect(nextHop(chainOf('https://a/x/y'), '../z?t=1').href).toBe('https://a/z?t=1')
  })

  it.each(['file:///etc/passwd', 'data:text/plain,x', 'ftp://h/x', 'javascript:alert(1)'])(
    'S14 to %s are refused',
    (location) => {
      expect(() => nextHop(chainOf('http://a/'), location)).toThrow(
        expect.objectContaining({ code: 'redirect_refused' }),
      )
    },
  )

  it('S14 to a weaker scheme are refused, to a stronger one followed', () => {
    expect(() => nextHop(chainOf('https://a/'), 'http://a/')).toThrow(/insecure/)
    expect(nextHop(chainOf('http://a/'), 'https://a/').protocol).toBe('https:')
  })

  it.each([null, 'http://', 'http://[x'])('to %j are refused', (location) => {
    expect(() => nextHop(chainOf('http://a/'), location)).toThrow(/nowhere/)
  })

  it('F20 end after five hops, and the sentence names the chain without secrets', () => {
    const chain = ['1', '2', '3', '4', '5'].map((n) => `http://h${n}/p?token=canary`)
    expect(nextHop(chainOf(...chain), 'http://h6/').href).toBe('http://h6/')
    let message = ''
    try {
      nextHop(chainOf(...chain, 'http://h6/'), 'http://h7/loop')
    } catch (error) {
      message = String(error)
    }
    expect(message).toContain('http://h1/p → http://h2/p')
    expect(message).toContain('http://h7/loop')
    expect(message).not.toContain('canary')
  })
})
