import { expect, it } from 'vitest'
import { redactUrl } from '../../../src-main/fetch/redact-url'

it('S35 keeps scheme, host and path only', () => {
  expect(redactUrl('https://user:canary@h.example:8443/a/b.m3u8?token=canary#canary')).toBe(
    'https://h.example:8443/a/b.m3u8',
  )
})

it('S35 shows nothing of what is no URL', () => {
  expect(redactUrl('canary secret')).not.toContain('canary')
})
