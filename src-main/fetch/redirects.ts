import { HttpError } from './http'
import { redactUrl } from './redact-url'

const MAX_HOPS = 5

const redirectStatuses: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])

export function isRedirect(status: number): boolean {
  return redirectStatuses.has(status)
}

/**
 * Where a redirect leads.
 * @param chain the URLs requested so far, the last of them answered with `location`.
 * @throws HttpError `redirect_refused`, naming the chain: more than 5 hops, another scheme than http(s), https to http (FAULTS F20, SECURITY S14).
 */
export function nextHop(chain: readonly URL[], location: string | null): URL {
  const current = chain.at(-1)
  const refuse = (why: string, target?: URL): HttpError => {
    const hops = target === undefined ? chain : [...chain, target]
    const path = hops.map((hop) => redactUrl(hop.href)).join(' → ')
    return new HttpError('redirect_refused', `The server's redirects ${why}: ${path}`)
  }
  if (location === null || !URL.canParse(location, current?.href)) throw refuse('lead nowhere')
  const target = new URL(location, current)
  if (target.protocol !== 'http:' && target.protocol !== 'https:') {
    throw refuse(`lead to a ${target.protocol} address`)
  }
  if (current?.protocol === 'https:' && target.protocol === 'http:') {
    throw refuse('lead from a secure address to an insecure one', target)
  }
  if (chain.length > MAX_HOPS) throw refuse('never end', target)
  return target
}
