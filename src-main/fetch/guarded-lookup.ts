import type { LookupAddress, LookupOptions } from 'node:dns'
import type { LookupFunction } from 'node:net'
import { isPrivateAddress } from './private-address'

/** The code of the error that a guarded look-up ends with. */
export const ADDRESS_REFUSED = 'VSR_ADDRESS_REFUSED'

class AddressRefusedError extends Error {
  readonly code = ADDRESS_REFUSED
}

/**
 * A look-up that only gives away public addresses. The socket connects to exactly what it gives, so that a name that
 * resolves to something else a moment later gains nothing (SECURITY S13).
 */
export function createGuardedLookup(lookup: LookupFunction): LookupFunction {
  return (hostname: string, options: LookupOptions, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found, family) => {
      if (error !== null) {
        callback(error, [])
        return
      }
      const addresses: LookupAddress[] =
        typeof found === 'string' ? [{ address: found, family: family ?? 4 }] : found
      const open = addresses.filter(({ address }) => !isPrivateAddress(address))
      const first = open[0]
      if (first === undefined) {
        callback(new AddressRefusedError('only private addresses were found'), [])
      } else if (options.all === true) callback(null, open)
      else callback(null, first.address, first.family)
    })
  }
}
