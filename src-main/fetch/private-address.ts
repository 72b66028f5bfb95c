import { BlockList, isIP } from 'node:net'

/** Network and prefix length of IPv4 addresses that are not on the public internet. */
const privateV4 = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const

/** Unspecified, loopback and IPv4-compatible; IPv4-mapped; local NAT64; Teredo; 6to4; unique-local; link- and site-local; multicast. */
const privateV6 = [
  ['::', 96],
  ['::ffff:0:0', 96],
  ['64:ff9b:1::', 48],
  ['2001::', 32],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
] as const

const NAT64 = '64:ff9b::'

/** One list per family: a BlockList with a rule for `::ffff:0:0/96` would take every IPv4 address. */
function buildLists(): { v4: BlockList; v6: BlockList } {
  const v4 = new BlockList()
  const v6 = new BlockList()
  for (const [network, prefix] of privateV4) {
    v4.addSubnet(network, prefix, 'ipv4')
    v6.addSubnet(`${NAT64}${network}`, 96 + prefix, 'ipv6')
  }
  for (const [network, prefix] of privateV6) v6.addSubnet(network, prefix, 'ipv6')
  return { v4, v6 }
}

const lists = buildLists()

/** Names that only ever mean this machine or the network at home. */
const localName = /(?:^|\.)(?:localhost|local|lan|internal|home\.arpa)$/

/** True for an IP address that is not on the public internet: loopback, LAN, link-local, multicast and their disguises (SECURITY S13). */
export function isPrivateAddress(address: string): boolean {
  const family = isIP(address)
  if (family === 4) return lists.v4.check(address, 'ipv4')
  if (family === 6) return lists.v6.check(address.replace(/%.*$/, ''), 'ipv6')
  return false
}

/**
 * True where a URL's host, as typed, means this machine or the local network: a private address, `localhost`,
 * `nas`, `nas.local`.
 * @param hostname as `URL.hostname` gives it: lower case, IPv6 in brackets, IPv4 in any notation turned into four numbers.
 */
export function isPrivateHost(hostname: string): boolean {
  const bare = hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '')
  if (isIP(bare) !== 0) return isPrivateAddress(bare)
  return localName.test(bare) || !bare.includes('.')
}
