import { readIfThere } from './durable-files'
import type { FilePort } from './file-port'
import { errnoOf } from './store-error'

const FSTAB = '/etc/fstab'
const MOUNTS = '/proc/self/mounts'

/**
 * The folder on the way to `path` on which a disk belongs (fstab(5)) and none is mounted at this moment. Undefined where all is mounted, and
 * on systems that do not say.
 */
export async function findMissingMount(files: FilePort, path: string): Promise<string | undefined> {
  const [fstab, mounts] = [await readText(files, FSTAB), await readText(files, MOUNTS)]
  return fstab === undefined || mounts === undefined
    ? undefined
    : missingMountOf({ path, fstab, mounts })
}

async function readText(files: FilePort, path: string): Promise<string | undefined> {
  try {
    const data = await readIfThere(files, path)
    return data === undefined ? undefined : Buffer.from(data).toString()
  } catch (cause) {
    if (errnoOf(cause) === undefined) throw cause
    return undefined // not for everybody to read: nothing is known then
  }
}

/** @param options.fstab, options.mounts the texts of both tables. Pure. */
export function missingMountOf(options: {
  readonly path: string
  readonly fstab: string
  readonly mounts: string
}): string | undefined {
  const mounted = new Set(foldersOf(options.mounts))
  return foldersOf(options.fstab)
    .filter((folder) => folder !== '/' && `${options.path}/`.startsWith(`${folder}/`))
    .filter((folder) => !mounted.has(folder))
    .at(-1)
}

/** The second field of each line; spaces and the like are written in octal there. */
const foldersOf = (table: string): string[] =>
  table.split('\n').flatMap((line) => {
    const [device = '#', folder = ''] = line.trim().split(/\s+/)
    if (device.startsWith('#') || !folder.startsWith('/')) return []
    const name = folder.replace(/\\([0-7]{3})/g, (_, code: string) =>
      String.fromCharCode(Number.parseInt(code, 8)),
    )
    return [name.length > 1 ? name.replace(/\/+$/, '') : name]
  })
