import { VsrError } from '../../../src-preload/contract/errors'
import { parseAttributeList } from './attribute-list'
import type { Definitions } from '../playlist'
import { unreadable } from './playlist-error'

/** So much text may come out of variables: a list of 5 MB could otherwise stand for terabytes (SECURITY S22). */
const MOST_CHARACTERS = 5_000_000
const forms = ['NAME', 'IMPORT', 'QUERYPARAM'] as const
type Form = (typeof forms)[number]
const namePattern = /^[\w-]+$/
const referencePattern = /\{\$([\w-]+)\}/g
/** What variables are replaced in, of an attribute list: quoted strings and hexadecimal sequences. */
const replaceablePattern = /"[^"]*"|0x[^,"]*/gi

/** The variables of one playlist, in the order of its lines: a reference sees only what is defined before it. */
export interface Variables {
  /** Takes the value of an EXT-X-DEFINE. @throws VsrError `playlist_unreadable` where rfc8216bis 4.4.2.3 says so. */
  define(value: string): void
  /** Replaces `{$name}` in a URI line. @throws VsrError `playlist_unreadable` for names that are not defined. */
  inUri(line: string): string
  /** The same where an attribute list allows it. */
  inAttributes(value: string): string
  readonly definitions: Definitions
}

/** The value of a query parameter, its per-cent signs decoded once; a plus sign stays one. */
function queryParameter(url: string, wanted: string): string | undefined {
  for (const pair of new URL(url).search.slice(1).split('&')) {
    const [, name = '', value = ''] = /^([^=]*)=?(.*)$/s.exec(pair) ?? []
    if (decoded(name) === wanted && value !== '') return decoded(value)
  }
  return undefined
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text // a stray per cent sign: taken as it stands
  }
}

function refuse(what: string): never {
  throw unreadable(what)
}

function refuseImport(hasParent: boolean): never {
  const problem = unreadable('it takes a variable from a list that does not define it')
  if (hasParent) throw problem
  throw new VsrError(problem.code, problem.message, {
    hint: 'It belongs to a multivariant playlist: record the address of that one.',
  })
}

function fromQuery(url: string, name: string): string {
  const value = queryParameter(url, name)
  if (value === undefined) return refuse('its address lacks a parameter that it refers to')
  if (/["\r\n]/.test(value)) return refuse('its address holds a parameter that it cannot use')
  return value
}

/**
 * @param options.url the playlist's own URL after redirects, for QUERYPARAM.
 * @param options.imported what the multivariant playlist defines that led here, for IMPORT; undefined = there was none.
 */
export function createVariables(options: {
  readonly url: string
  readonly imported: Definitions | undefined
}): Variables {
  const { url } = options
  const imported = new Map(options.imported)
  const values = new Map<string, string>()
  let characters = 0

  const replace = (text: string): string =>
    text.replace(referencePattern, (_, name: string) => {
      const value = values.get(name)
      if (value === undefined) {
        throw unreadable(`it uses the variable "${name.slice(0, 40)}", which it does not define`)
      }
      characters += value.length
      if (characters > MOST_CHARACTERS) {
        throw new VsrError('playlist_too_large', 'The playlist grows larger than 5 MB.')
      }
      return value
    })

  const valueOf: Record<Form, (name: string, attributes: ReadonlyMap<string, string>) => string> = {
    NAME: (_, attributes) =>
      attributes.get('VALUE') ?? refuse('it defines a variable without a value'),
    IMPORT: (name) => imported.get(name) ?? refuseImport(options.imported !== undefined),
    QUERYPARAM: (name) => fromQuery(url, name),
  }

  return {
    define(value) {
      const attributes = parseAttributeList(value)
      const [form, another] = forms.filter((known) => attributes.has(known))
      const name = attributes.get(form ?? '') ?? ''
      if (form === undefined || another !== undefined || !namePattern.test(name)) {
        throw unreadable('it defines a variable in no form that there is')
      }
      if (values.has(name)) throw unreadable('it defines a variable twice')
      values.set(name, valueOf[form](name, attributes))
    },
    inUri: replace,
    inAttributes: (value) =>
      value.includes('{$') ? value.replace(replaceablePattern, replace) : value,
    get definitions() {
      return [...values]
    },
  }
}
