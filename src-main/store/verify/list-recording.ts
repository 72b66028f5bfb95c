import { join } from 'node:path'
import { type Own, ownInRecording } from '../delete-recording'
import type { FilePort, FolderEntry } from '../file-port'
import { isMediaFile, isQuarantined, isTrackId } from '../paths'
import { errnoOf } from '../store-error'

/** What lies in a recording's folder. Absolute paths. */
export interface RecordingFiles {
  readonly trackIds: readonly string[]
  /** Files of segments, initialization sections and keys. */
  readonly media: ReadonlySet<string>
  /** What VSR has not put there; links, too. */
  readonly unknown: readonly string[]
  /** Files that a repair has put into quarantine. */
  readonly quarantined: number
  /** Folders that the disk does not show, with its errno. */
  readonly unreadable: readonly { readonly path: string; readonly errno: string }[]
}

/** Lists a recording's folder; changes nothing, and follows no link. */
export async function listRecording(files: FilePort, folder: string): Promise<RecordingFiles> {
  const trackIds: string[] = []
  const media = new Set<string>()
  const unknown: string[] = []
  const unreadable: { path: string; errno: string }[] = []
  let quarantined = 0

  const entriesOf = async (path: string): Promise<readonly FolderEntry[]> => {
    try {
      return await files.readFolder(path)
    } catch (cause) {
      const errno = errnoOf(cause)
      if (errno === undefined) throw cause
      unreadable.push({ path, errno })
      return []
    }
  }
  const walk = async (below: string, own: Own): Promise<void> => {
    for (const entry of await entriesOf(below)) {
      const path = join(below, entry.name)
      const what = own(entry)
      if (what === undefined) unknown.push(path)
      else if (what !== 'file') {
        if (below === folder && isTrackId(entry.name)) trackIds.push(entry.name)
        await walk(path, what)
      } else if (isMediaFile(entry.name)) media.add(path)
      else if (isQuarantined(entry.name)) quarantined += 1
    }
  }
  await walk(folder, ownInRecording)
  return { trackIds, media, unknown, quarantined, unreadable }
}
