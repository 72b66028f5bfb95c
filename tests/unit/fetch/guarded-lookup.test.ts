import type { LookupAddress } from 'node:dns'
import type { LookupFunction } from 'node:net'
import { describe, expect, it } from 'vitest'
import { ADDRESS_REFUSED, createGuardedLookup } from '../../../src-main/fetch/guarded-lookup'

const answering =
  (...addresses: string[]): LookupFunction =>
  (_hostname, _options, callback) =>
    callback(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    )

const run = (lookup: LookupFunction, all: boolean) =>
  new Promise<{ code: unknown; found: string | LookupAddress[] }>((resolve) => {
    createGuardedLookup(lookup)('h.example', { all }, (error, found) =>
      resolve({ code: error?.code, found }),
    )
  })

describe('S13 the guarded look-up', () => {
  it('gives public addresses only', async () => {
    const lookup = answering('127.0.0.1', '8.8.8.8', '::1', '2606:4700::1111')
    expect((await run(lookup, true)).found).toEqual([
      { address: '8.8.8.8', family: 4 },
      { address: '2606:4700::1111', family: 6 },
    ])
    expect((await run(lookup, false)).found).toBe('8.8.8.8')
  })

  it('refuses a name with private addresses only', async () => {
    expect((await run(answering('10.0.0.1', 'fd00::1'), true)).code).toBe(ADDRESS_REFUSED)
    expect((await run(answering('169.254.169.254'), false)).code).toBe(ADDRESS_REFUSED)
  })

  it('passes failures on', async () => {
    const failing: LookupFunction = (_hostname, _options, callback) =>
      callback(Object.assign(new Error('x'), { code: 'ENOTFOUND' }), [])
    expect((await run(failing, true)).code).toBe('ENOTFOUND')
  })
})
