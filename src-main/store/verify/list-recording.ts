import { join } from 'node:path'
import { type Own, ownInRecording } from '../delete-recording'
import type { FilePort } from '../file-port'
import { isMediaFile, isTrackId } from '../paths'

/** What lies in a recording's folder. Absolute paths. */
export interface RecordingFiles {
  readonly trackIds: readonly string[]
  /** Files of segments, initialization sections and keys. */
  readonly media: ReadonlySet<string>
  /** What VSR has not put there; links, too. */
  readonly unknown: readonly string[]
}

/** Lists a recording's folder; changes nothing, and follows no link. Rejects with errno errors. */
export async function listRecording(files: FilePort, folder: string): Promise<RecordingFiles> {
  const media = new Set<string>()
  const unknown: string[] = []
  const walk = async (below: string, own: Own): Promise<void> => {
    for (const entry of await files.readFolder(below)) {
      const path = join(below, entry.name)
      const what = own(entry)
      if (what === undefined) unknown.push(path)
      else if (what !== 'file') await walk(path, what)
      else if (isMediaFile(entry.name)) media.add(path)
    }
  }
  const trackIds = (await files.readFolder(folder))
    .filter(({ kind, name }) => kind === 'folder' && isTrackId(name))
    .map(({ name }) => name)
  await walk(folder, ownInRecording)
  return { trackIds, media, unknown }
}
