/** A folder on this disk as an origin, so that what records from a server can read from it. No such host can exist (RFC 6761). */
export const FOLDER_URL = 'http://folder.invalid/import/'

/** The address of a file that lies in the folder itself. */
export const urlOfName = (name: string): string => FOLDER_URL + encodeURIComponent(name)

/**
 * The parts of a file's path below the folder, as an address in a playlist names it; undefined for whatever lies elsewhere: other
 * origins, absolute paths, ways upwards however they are written (SECURITY S06, S11). Pure; links are not its concern.
 */
export function partsBelowFolder(url: string): readonly string[] | undefined {
  if (!URL.canParse(url)) return undefined
  const { origin, pathname, username, password } = new URL(url)
  const isInside = `${origin}${pathname}`.startsWith(FOLDER_URL) && username + password === ''
  if (!isInside) return undefined
  const parts = `${origin}${pathname}`.slice(FOLDER_URL.length).split('/').map(decodePart)
  return parts.every((part) => part !== undefined) ? parts : undefined
}

/** One name of a path; undefined where it is none, or more than one. */
function decodePart(text: string): string | undefined {
  let name: string
  try {
    name = decodeURIComponent(text)
  } catch {
    return undefined // a per-cent sign that encodes nothing
  }
  const isName = name !== '' && name !== '.' && name !== '..' && !/[/\\\0]/.test(name)
  return isName ? name : undefined
}
