import { ensureFolder } from './durable-files'
import type { FilePort, OpenFolder } from './file-port'

/** The folders of a track that its files go into, one for each day. The one in use is kept open: it is synced for each segment. */
export interface DayFolders {
  /** Makes sure that it is there, durably. */
  ensure(path: string): Promise<void>
  /** The names in it are durable when this resolves. */
  sync(path: string): Promise<void>
  /** Something is wrong: nothing is taken for granted from now on. Also for the end. */
  forget(): Promise<void>
}

export function createDayFolders(files: FilePort): DayFolders {
  let known: { readonly path: string; readonly folder: OpenFolder } | undefined
  const forget = async (): Promise<void> => {
    const { folder } = known ?? {}
    known = undefined
    await folder?.close()
  }
  return {
    async ensure(path) {
      if (known?.path === path) return
      await forget()
      await ensureFolder(files, path)
      known = { path, folder: await files.openFolder(path) }
    },
    sync: (path) => (known?.path === path ? known.folder.sync() : files.syncFolder(path)),
    forget,
  }
}
