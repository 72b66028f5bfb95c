import { networkInterfaces } from 'node:os'
import { describe, expect, it } from 'vitest'
import {
  createHostCheck,
  isLoopback,
  literalHost,
  serverUrlOf,
} from '../../../src-main/api/listen-address'

describe('listen address', () => {
  it('S01 knows its own names with the exact port only', () => {
    const check = createHostCheck('myserver', 8787)
    for (const own of ['127.0.0.1:8787', 'localhost:8787', '[::1]:8787', 'myserver:8787']) {
      expect(check(own), own).toBe(true)
    }
    for (const foreign of [
      'myserver',
      'myserver:80',
      'localhost:87870',
      'other:8787',
      '::1:8787',
      '',
    ]) {
      expect(check(foreign), foreign).toBe(false)
    }
  })

  it('S01 takes a name without a port on port 80, as browsers send it', () => {
    expect(createHostCheck('127.0.0.1', 80)('localhost')).toBe(true)
    expect(createHostCheck('127.0.0.1', 80)('evil.example')).toBe(false)
  })

  it('S01 takes every address of this machine, but no name, when it listens on all', () => {
    const check = createHostCheck('0.0.0.0', 8787)
    const addresses = Object.values(networkInterfaces()).flatMap((all) => all ?? [])
    for (const { address, family } of addresses) {
      expect(check(family === 'IPv6' ? `[${address}]:8787` : `${address}:8787`), address).toBe(true)
    }
    expect(check('0.0.0.0:8787')).toBe(false)
    expect(check('evil.example:8787')).toBe(false)
    expect(createHostCheck('127.0.0.1', 8787)('192.0.2.9:8787')).toBe(false)
  })

  it('S04 knows which addresses only this machine reaches', () => {
    for (const host of [
      '127.0.0.1',
      '127.8.8.8',
      '::1',
      literalHost('localhost'),
      literalHost('[::1]'),
    ]) {
      expect(isLoopback(host), host).toBe(true)
    }
    for (const host of [
      '0.0.0.0',
      '::',
      '10.0.0.1',
      '127.0.0.1.evil.example',
      'localhost.evil.example',
      '',
    ]) {
      expect(isLoopback(literalHost(host)), host).toBe(false)
    }
  })

  it('gives an address that can be opened', () => {
    expect(serverUrlOf('127.0.0.1', 1)).toBe('http://127.0.0.1:1/')
    expect(serverUrlOf('0.0.0.0', 1)).toBe('http://127.0.0.1:1/')
    expect(serverUrlOf('::1', 1)).toBe('http://[::1]:1/')
  })
})
