import { describe, expect, it } from 'vitest'
import { isPrivateAddress, isPrivateHost } from '../../../src-main/fetch/private-address'

/** As a URL sees it: octal, hexadecimal and short forms become four numbers. */
const hostOf = (typed: string): string => new URL(`http://${typed}/`).hostname

describe('S13 private addresses', () => {
  it.each([
    '127.0.0.1',
    '127.1',
    '0177.0.0.1',
    '0x7f000001',
    '2130706433',
    '0.0.0.0',
    '10.1.2.3',
    '172.31.255.255',
    '192.168.0.1',
    '169.254.169.254',
    '100.64.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '[::1]',
    '[::]',
    '[::ffff:127.0.0.1]',
    '[::ffff:8.8.8.8]',
    '[::127.0.0.1]',
    '[64:ff9b::10.0.0.1]',
    '[64:ff9b::a9fe:a9fe]',
    '[2002:7f00:1::]',
    '[fc00::1]',
    '[fd12:3456::1]',
    '[fe80::1]',
    '[ff02::1]',
  ])('%s is private', (typed) => {
    expect(isPrivateHost(hostOf(typed))).toBe(true)
  })

  it.each([
    '8.8.8.8',
    '1.1.1.1',
    '172.32.0.1',
    '192.167.255.255',
    '126.255.255.255',
    '[2606:4700::1111]',
    '[64:ff9b::8.8.8.8]',
  ])('%s is public', (typed) => {
    expect(isPrivateHost(hostOf(typed))).toBe(false)
  })

  it.each([
    ['localhost', true],
    ['a.localhost', true],
    ['nas', true],
    ['nas.local', true],
    ['box.home.arpa', true],
    ['localhost.', true],
    ['example.com', false],
    ['localhost.example.com', false],
    ['notlocal', true],
    ['mylocal.example', false],
  ])('the name %s: %s', (host, expected) => {
    expect(isPrivateHost(host)).toBe(expected)
  })

  it('sees through a zone', () => {
    expect(isPrivateAddress('fe80::1%eth0')).toBe(true)
  })

  it('leaves names to the look-up', () => {
    expect(isPrivateAddress('localhost')).toBe(false)
  })
})
