import { mkdtemp, readdir, realpath, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { VsrError } from '../../src-preload/contract/errors'
import type { HttpClient } from '../fetch/http'
import type { PlaylistParser } from '../hls/parser'
import type { Tool, ToolName } from '../ports/tools'
import { chooseInput, type ImportInput } from './choose-input'
import { createFolderClient } from './folder-client'
import { probeStreams } from './media-streams'
import { readListing } from './read-listing'
import { segmentMedia } from './segment-media'

/** Folders in the library in which media files are cut into segments. */
const WORK_PREFIX = '.import-'

/** What an import reads from, found whole and harmless. */
export interface PreparedImport {
  readonly title: string
  readonly playlistUrl: string
  /** Answers with the files of the folder, and nothing else. */
  readonly http: HttpClient
  readonly durationSec: number
  /** When it was made, as far as the files can tell, unix ms: counts where the playlist names no time. */
  readonly madeMs: number
  /** The playlist names the time. */
  readonly isDated: boolean
  /** What stays behind, in words. */
  readonly notTaken: readonly string[]
  /** Removes what was made on the way. Idempotent. */
  close(): Promise<void>
}

interface PrepareOptions {
  /** Absolute path of a file or folder. */
  readonly path: string
  readonly libraryDir: string
  readonly parser: PlaylistParser
  readonly tools: {
    ffmpeg(): Promise<Tool | undefined>
    ffprobe(): Promise<Tool | undefined>
    installHint(name: ToolName): string
  }
  readonly signal: AbortSignal
}

/**
 * Looks at what is to be imported, before anything of it is stored; a media file is cut into segments first, in a folder of the
 * library. The library is held for writing. Throws VsrError with what is wrong.
 */
export async function prepareImport(options: PrepareOptions): Promise<PreparedImport> {
  const input = await chooseInput(options.path)
  await removeLeftovers(options.libraryDir)
  return input.kind === 'playlist'
    ? await prepareFolder(options, input)
    : await prepareMedia(options, input)
}

async function prepareFolder(
  { parser, signal }: Pick<PrepareOptions, 'parser' | 'signal'>,
  { root, name, title }: Extract<ImportInput, { kind: 'playlist' }>,
): Promise<PreparedImport> {
  const http = createFolderClient(root)
  const { writtenMs, ...listing } = await readListing({ root, name, http, parser, signal })
  return { ...listing, title, http, madeMs: writtenMs, close: () => Promise.resolve() }
}

async function prepareMedia(
  options: PrepareOptions,
  input: Extract<ImportInput, { kind: 'media' }>,
): Promise<PreparedImport> {
  const { tools, libraryDir, signal } = options
  const { file, demuxer, title } = input
  const [ffmpeg, ffprobe] = [await tools.ffmpeg(), await tools.ffprobe()]
  if (ffmpeg === undefined || ffprobe === undefined) {
    throw new VsrError('ffmpeg_missing', 'Importing a media file needs ffmpeg.', {
      hint: tools.installHint('ffmpeg'),
    })
  }
  const { mtimeMs } = await stat(file)
  const streams = await probeStreams({ ffprobePath: ffprobe.path, file, demuxer, signal })
  const folder = await realpath(await mkdtemp(path.join(libraryDir, WORK_PREFIX)))
  const close = () => rm(folder, { recursive: true, force: true })
  try {
    const ffmpegPath = ffmpeg.path
    const name = await segmentMedia({ ffmpegPath, file, demuxer, streams, folder, signal })
    const prepared = await prepareFolder(options, { kind: 'playlist', root: folder, name, title })
    const { createdMs = mtimeMs - prepared.durationSec * 1000, notTaken } = streams
    return { ...prepared, madeMs: Math.max(0, Math.round(createdMs)), notTaken, close }
  } catch (error) {
    await close()
    throw error
  }
}

/** Of a process that was killed: nobody else imports while this one holds the library. */
async function removeLeftovers(libraryDir: string): Promise<void> {
  for (const entry of await readdir(libraryDir, { withFileTypes: true })) {
    if (!entry.isDirectory() || !entry.name.startsWith(WORK_PREFIX)) continue
    await rm(path.join(libraryDir, entry.name), { recursive: true, force: true })
  }
}
