/** Below an archive, where everything but its playlists lies. */
export const MEDIA_FOLDER = 'media'

const uri = new RegExp(`^${MEDIA_FOLDER}/([A-Za-z0-9.-]+)$`)
const attribute = new RegExp(`URI="${MEDIA_FOLDER}/([A-Za-z0-9.-]+)"`)

/** The files that a playlist of an archive names, in order; not those that it says are missing (EXT-X-GAP). Pure. */
export function namedFiles(playlist: string): readonly string[] {
  const names = new Set<string>()
  let isMissing = false
  for (const line of playlist.split('\n')) {
    const isTag = line.startsWith('#')
    const [, name] = (isTag ? attribute : uri).exec(line) ?? []
    if (name !== undefined && (isTag || !isMissing)) names.add(name)
    if (line === '#EXT-X-GAP') isMissing = true
    else if (!isTag) isMissing = false
  }
  return [...names]
}
