import { validateHeaderName, validateHeaderValue } from 'node:http'

/** What stands in the request line. `search` would leave out a query that is empty. */
const targetOf = ({ href, origin }: URL): string => href.slice(origin.length).replace(/#.*$/s, '')

/**
 * The bytes of a GET request, as latin1 text.
 * @param url without userinfo.
 * @throws TypeError where a header would not be one.
 */
export function requestHead(url: URL, headers: Readonly<Record<string, string>>): string {
  let head = `GET ${targetOf(url)} HTTP/1.1\r\nhost: ${url.host}\r\n`
  for (const [name, value] of Object.entries(headers)) {
    validateHeaderName(name)
    validateHeaderValue(name, value)
    head += `${name}: ${value}\r\n`
  }
  return `${head}\r\n`
}
