import { lstat, readdir } from 'node:fs/promises'
import path from 'node:path'

/** What lies in a library's folder, by paths relative to it. */
export interface Tree {
  readonly files: readonly TreeFile[]
  /** Outer ones before those inside. */
  readonly folders: readonly string[]
  /** Links and the like: they stay where they are. */
  readonly others: readonly string[]
}

interface TreeFile {
  readonly name: string
  readonly bytes: number
  /** Access rights. */
  readonly mode: number
}

/** Lists all of a folder but what `skip` names at its top. Links are not followed. */
export async function listTree(root: string, skip: (name: string) => boolean): Promise<Tree> {
  const [files, folders, others]: [TreeFile[], string[], string[]] = [[], [], []]
  const walk = async (below: string): Promise<void> => {
    const entries = await readdir(path.join(root, below), { withFileTypes: true })
    for (const entry of entries) {
      const name = path.join(below, entry.name)
      if (below === '' && skip(entry.name)) continue
      if (entry.isDirectory()) {
        folders.push(name)
        await walk(name)
      } else if (entry.isFile()) {
        const { size, mode } = await lstat(path.join(root, name))
        files.push({ name, bytes: size, mode: mode & 0o777 })
      } else others.push(name)
    }
  }
  await walk('')
  return { files, folders, others }
}
