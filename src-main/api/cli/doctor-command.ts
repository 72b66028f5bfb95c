import { access, constants, statfs } from 'node:fs/promises'
import path from 'node:path'
import type { SystemInfo } from '../../../src-preload/contract/model'
import type { CommandContext } from './context'
import { withEngine } from './context'
import { formatBytes, formatTable } from './format'
import { storageLine } from './storage-line'

interface Finding {
  readonly name: string
  readonly ok: boolean
  /** Recording and exporting cannot do without it. */
  readonly needed: boolean
  readonly detail: string
}

/** yt-dlp is only for pages of video sites. */
const NEEDED_TOOLS = new Set(['ffmpeg', 'ffprobe'])

const toolFinding = ({ name, version, problem }: SystemInfo['tools'][number]): Finding => ({
  name,
  ok: version !== undefined,
  needed: NEEDED_TOOLS.has(name),
  detail: version ?? problem ?? 'not found',
})

/**
 * `vsr doctor`: says what is here and what is missing.
 * @returns 1 where something is missing that recording or exporting needs.
 */
export async function doctorCommand(context: CommandContext): Promise<number> {
  return withEngine(context, 'read', async (engine) => {
    const { version, libraryDir, tools } = await engine.systemInfo()
    const folder = await nearestFolder(libraryDir)
    const writable = await canWrite(folder)
    const findings: Finding[] = [
      { name: 'vsr', ok: true, needed: true, detail: version },
      { name: 'node', ok: true, needed: true, detail: process.version },
      ...tools.map(toolFinding),
      {
        name: 'library',
        ok: writable,
        needed: true,
        detail: writable
          ? `${libraryDir}, ${formatBytes(await freeBytes(folder))} free`
          : `${libraryDir} cannot be written. Name another folder with --library.`,
      },
    ]
    const storage = await engine.storage()
    const space = storageLine(storage)
    if (space !== '') {
      findings.push({ name: 'space', ok: storage.state !== 'full', needed: false, detail: space })
    }
    context.terminal.emit({ findings })
    context.terminal.say(
      formatTable(findings.map(({ ok, name, detail }) => [ok ? 'ok' : 'PROBLEM', name, detail])),
    )
    return findings.every(({ ok, needed }) => ok || !needed) ? 0 : 1
  })
}

/** The folder, or the nearest one above it that exists: the first recording makes the rest. */
async function nearestFolder(dir: string): Promise<string> {
  const above = path.dirname(dir)
  const isThere = await access(dir).then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code !== 'ENOENT',
  )
  return isThere || above === dir ? dir : nearestFolder(above)
}

const canWrite = (folder: string): Promise<boolean> =>
  access(folder, constants.W_OK).then(
    () => true,
    () => false,
  )

/** What whoever is not root may still write there. */
async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder)
  return bavail * bsize
}
