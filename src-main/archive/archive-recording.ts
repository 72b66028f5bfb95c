import { lstat, mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { VsrError } from '../../src-preload/contract/errors'
import { createBlockCache } from '../playback/block-cache'
import { findStored } from '../playback/find-stored'
import { createPlaylistServer } from '../playback/serve-playlist'
import type { Clock } from '../ports/clock'
import { syncFolder, writeSynced } from '../ports/durable-names'
import type { Library } from '../store/model'
import { MEDIA_FOLDER, namedFiles } from './named-files'
import { putFile } from './put-file'

/** The one to open. */
const MAIN_NAME = 'index.m3u8'
const CACHE_BYTES = 1024 * 1024
const WORK_PREFIX = '.vsr-archive-'

/** What is to be archived. */
export interface ArchiveRequest {
  readonly recordingId: string
  /** Unix ms. */
  readonly fromMs: number
  readonly toMs: number
  /** Absolute path; must not be there yet. */
  readonly folder: string
  /** Ends it; nothing stays. */
  readonly signal: AbortSignal
  /** 0..100. */
  readonly onProgress: (percent: number) => void
}

/** What has become of it. */
export interface Archived {
  readonly folder: string
  readonly files: number
  readonly bytes: number
  /** Files that take no space of their own, since the library lies on the same disk. */
  readonly links: number
}

/**
 * Writes a recording, or the segments that a range of it touches, into a folder that any player opens without VSR: what the local
 * server would answer, as files. The folder appears when it is whole and checked.
 * @throws VsrError `export_target_exists`, `export_target_unwritable`, `disk_full`, `no_footage`, `segment_not_found`, `cancelled`.
 */
export async function archiveRecording(
  options: { readonly library: Library; readonly clock: Clock },
  request: ArchiveRequest,
): Promise<Archived> {
  const { folder } = request
  const parent = path.dirname(folder)
  if (await isThere(folder)) {
    throw new VsrError('export_target_exists', `${folder} is there already.`, {
      hint: 'Choose another name, or move that one away first.',
    })
  }
  try {
    const work = await mkdtemp(path.join(parent, WORK_PREFIX))
    try {
      // mkdtemp makes folders that nobody else can read, as an archive need not be.
      const whole = path.join(work, path.basename(folder))
      await mkdir(path.join(whole, MEDIA_FOLDER), { recursive: true })
      const release = options.library.inUse.hold(request.recordingId, request.fromMs)
      const written = await writeAll(options, request, whole).finally(release)
      for (const made of [path.join(whole, MEDIA_FOLDER), whole]) await syncFolder(made)
      await rename(whole, folder)
      await syncFolder(parent)
      return { folder, ...written }
    } finally {
      await rm(work, { recursive: true, force: true })
    }
  } catch (error) {
    throw error instanceof VsrError ? error : unwritable(folder, error)
  }
}

async function writeAll(
  { library, clock }: { readonly library: Library; readonly clock: Clock },
  { recordingId, fromMs, toMs, signal, onProgress }: ArchiveRequest,
  folder: string,
): Promise<Omit<Archived, 'folder'>> {
  const playlists = await renderPlaylists({ library, clock, recordingId, fromMs, toMs, signal })
  const names = [...new Set([...playlists.values()].flatMap(namedFiles))]
  let [bytes, links, done] = [0, 0, 0]
  for (const name of names) {
    if (signal.aborted) throw new VsrError('cancelled', 'Archiving was cancelled.')
    const to = path.join(folder, MEDIA_FOLDER, name)
    const stored = await findStored({ library, name, recordingId })
    if (stored.kind === 'file') {
      const isLink = await putFile({ from: stored.path, to, row: stored.row })
      bytes += stored.row.bytes
      if (isLink) links += 1
    } else bytes += await writeText(to, stored.text)
    done += 1
    onProgress((done / names.length) * 100)
  }
  for (const [name, text] of playlists) bytes += await writeText(path.join(folder, name), text)
  return { bytes, links, files: names.length + playlists.size }
}

/** Texts by their file names: of one track, or of all of them with a list in front. */
async function renderPlaylists(options: {
  readonly library: Library
  readonly clock: Clock
  readonly recordingId: string
  readonly fromMs: number
  readonly toMs: number
  readonly signal: AbortSignal
}): Promise<ReadonlyMap<string, string>> {
  const { library, clock, recordingId, fromMs, toMs, signal } = options
  const cache = createBlockCache({ limitBytes: CACHE_BYTES })
  const server = createPlaylistServer({
    library,
    clock,
    cache,
    currentRecordingId: () => undefined,
  })
  const trackIds = new Set<string>()
  const render = async (trackId: string | undefined): Promise<string> => {
    const parts = await server.render({
      recordingId,
      query: {
        recordingId: undefined,
        trackId,
        dvr: true,
        lateNumber: undefined,
        withoutSound: false,
        token: undefined,
        awaited: undefined,
      },
      span: { fromMs, toMs },
      prefix: `${MEDIA_FOLDER}/`,
      fileName: MAIN_NAME,
      uriOfTrack(id) {
        trackIds.add(id)
        return `${id}.m3u8`
      },
      signal,
    })
    return Buffer.concat(parts).toString('utf8')
  }
  const playlists = new Map([[MAIN_NAME, await render(undefined)]])
  for (const id of trackIds) playlists.set(`${id}.m3u8`, await render(id))
  return playlists
}

/** Durable when it resolves. @returns its length in bytes. */
async function writeText(file: string, text: string): Promise<number> {
  await writeSynced(file, text)
  return Buffer.byteLength(text)
}

const isThere = (file: string): Promise<boolean> =>
  lstat(file).then(
    () => true,
    () => false, // what else is wrong with the place is told when it is written to
  )

const hasCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code

function unwritable(folder: string, cause: unknown): VsrError {
  if (hasCode(cause, 'ENOSPC')) {
    return new VsrError('disk_full', 'The disk is full: the archive could not be written.', {
      hint: 'Free some space, or archive to another disk.',
      cause,
    })
  }
  return new VsrError('export_target_unwritable', `${folder} cannot be written.`, {
    hint: 'Choose another place, or see to it that its folder exists and you may write there.',
    cause,
  })
}
