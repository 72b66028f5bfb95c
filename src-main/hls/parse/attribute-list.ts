/** NAME=value or NAME="quoted value", up to the next comma outside quotes. The look-behind lets it begin only where a name does, which keeps it linear. */
const attributePattern = /(?<![^=,"\s])([^=,"\s]+)\s*=\s*(?:"([^"]*)"|([^",]*))/g

/**
 * Reads an attribute list (RFC 8216 4.2). Tolerates spaces, stray commas and pieces without a value.
 * The first of two equal names counts. A Map, so that no name can reach a prototype (SECURITY S21).
 */
export function parseAttributeList(text: string): ReadonlyMap<string, string> {
  const attributes = new Map<string, string>()
  for (const match of text.matchAll(attributePattern)) {
    const [, name = '', quoted, bare = ''] = match
    if (!attributes.has(name)) attributes.set(name, quoted ?? bare.trim())
  }
  return attributes
}

/** Writes an attribute list that every parser can read. */
export function formatAttributeList(attributes: ReadonlyMap<string, string>): string {
  return [...attributes].map(([name, value]) => `${name}="${value}"`).join(',')
}
