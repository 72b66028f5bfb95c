import { isIP } from 'node:net'
import { networkInterfaces } from 'node:os'

/** True for addresses that only this machine reaches. */
export function isLoopback(host: string): boolean {
  return host === '::1' || /^127(\.\d{1,3}){3}$/.test(host)
}

/** `localhost` can mean two addresses; one server listens on one. */
export function literalHost(host: string): string {
  return host.toLowerCase() === 'localhost' ? '127.0.0.1' : host.replace(/^\[(.*)\]$/, '$1')
}

/** The address to open, with a trailing slash. On all interfaces: the loopback one. */
export function serverUrlOf(host: string, port: number): string {
  return `http://${inUrl(isWildcard(host) ? '127.0.0.1' : host)}:${port}/`
}

/**
 * Decides which Host headers name this server: exact names with the exact port, so that a foreign name
 * pointed at this machine is of no use (SECURITY S01). On all interfaces every address of this machine counts.
 */
export function createHostCheck(host: string, port: number): (header: string) => boolean {
  const fixed = ['127.0.0.1', 'localhost', '[::1]', ...(isWildcard(host) ? [] : [inUrl(host)])]
  return (header) => {
    const own = isWildcard(host) ? ownAddresses() : []
    return [...fixed, ...own].some(
      (name) => header === `${name}:${port}` || (port === 80 && header === name),
    )
  }
}

function ownAddresses(): string[] {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .map(({ address }) => inUrl(address))
}

function isWildcard(host: string): boolean {
  return host === '0.0.0.0' || host === '::'
}

function inUrl(host: string): string {
  return isIP(host) === 6 ? `[${host}]` : host.toLowerCase()
}
