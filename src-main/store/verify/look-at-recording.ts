import { basename, join } from 'node:path'
import { VsrError } from '../../../src-preload/contract/errors'
import type { FilePort } from '../file-port'
import type { Figures } from '../model'
import { mediaPath, RECORDING_NAME } from '../paths'
import { readRecordingFile } from '../recording-file'
import { LOG_NAME } from '../segment-log'
import { errnoOf } from '../store-error'
import type { Fault } from './fault'
import { lineFileKinds, readLines } from './line-files'
import { listRecording } from './list-recording'
import { attempt, lookAtTrack } from './look-at-track'
import { fileRowsOf, readLog } from './read-log'

/** What is to be looked at. */
export interface RecordingToLookAt {
  readonly files: FilePort
  /** Of the recording. */
  readonly folder: string
  readonly deep: boolean
  readonly signal: AbortSignal
}

/** What a look at a recording has found. */
export interface RecordingLook {
  readonly rows: number
  readonly files: number
  readonly setAside: number
  readonly faults: readonly Fault[]
  /** By track: what its log says at that length, as far as it can be read. */
  readonly figures: ReadonlyMap<string, { readonly logBytes: number; readonly figures: Figures }>
}

/**
 * Compares a recording's logs with its files, both ways. What it is growing by meanwhile is no fault: the folder is listed before the
 * logs are read, since a file has its name before it has its row, and a file without a row is looked up once more.
 * Of what a newer VSR wrote to, nothing else is told: this one cannot judge it. Throws the signal's reason.
 */
export async function lookAtRecording(recording: RecordingToLookAt): Promise<RecordingLook> {
  const { files, folder, deep, signal } = recording
  const { trackIds, media, unknown, quarantined, unreadable } = await listRecording(files, folder)
  const faults: Fault[] = unreadable.map((one) => ({ of: 'unreadable', ...one }))
  if (unreadable.some(({ path }) => path === folder)) return { ...counted([]), faults }
  faults.push(...(await lookAtDescription(recording)), ...(await lookAtLines(recording)))
  const tracks = []
  const rowless = new Set(media)
  const logless = new Set<string>()
  for (const trackId of trackIds) {
    const trackFolder = join(folder, trackId)
    const track = await lookAtTrack({ files, folder: trackFolder, trackId, deep, signal })
    tracks.push({ ...track, trackId })
    faults.push(...track.faults)
    if (track.logless) logless.add(trackFolder)
    const { named } = track
    for (const path of media) {
      if (path.startsWith(join(trackFolder, '/')) && (named?.has(path) ?? true))
        rowless.delete(path)
    }
  }
  for (const path of await stillWithoutRow(recording, trackIds, rowless)) {
    faults.push({ of: 'stray', path, logless: logless.has(trackFolderOf(path)) })
  }
  for (const path of unknown) faults.push({ of: 'unknown', path })
  const counts = counted(tracks)
  const tooNew = faults.filter((fault) => fault.of === 'too-new')
  return {
    ...counts,
    setAside: counts.setAside + quarantined,
    faults: tooNew.length > 0 ? tooNew : faults,
  }
}

const trackFolderOf = (mediaFile: string): string => join(mediaFile, '..', '..')

type Track = Awaited<ReturnType<typeof lookAtTrack>> & { readonly trackId: string }

function counted(tracks: readonly Track[]): Omit<RecordingLook, 'faults'> {
  const sum = (count: (track: Track) => number) => tracks.reduce((all, one) => all + count(one), 0)
  return {
    rows: sum(({ rows }) => rows),
    files: sum((track) => track.files),
    setAside: sum(({ setAside }) => setAside),
    figures: new Map(
      tracks.flatMap(({ trackId, logBytes, figures }) =>
        figures === undefined ? [] : [[trackId, { logBytes, figures }] as const],
      ),
    ),
  }
}

async function lookAtDescription({ files, folder }: RecordingToLookAt): Promise<Fault[]> {
  const path = join(folder, RECORDING_NAME)
  const read = await attempt(path, async () => {
    try {
      const { meta } = await readRecordingFile(files, folder)
      return meta.id === basename(folder) ? undefined : 'foreign'
    } catch (cause) {
      if (errnoOf(cause) === 'ENOENT') return 'missing'
      // What is neither of the disk nor of a newer VSR is a file that cannot be understood.
      if (errnoOf(cause) !== undefined || cause instanceof VsrError) throw cause
      return 'broken'
    }
  })
  if (read.fault !== undefined) return [read.fault]
  return read.value === undefined ? [] : [{ of: 'description', path, problem: read.value }]
}

async function lookAtLines({ files, folder }: RecordingToLookAt): Promise<Fault[]> {
  const faults: Fault[] = []
  for (const kind of lineFileKinds) {
    const path = join(folder, kind.name)
    let read = await attempt(path, () => readLines(files, path, kind))
    // A line that is just being written looks like one that was torn, for a moment.
    if (read.value?.torn === true) read = await attempt(path, () => readLines(files, path, kind))
    if (read.fault !== undefined) faults.push(read.fault)
    else if (read.value !== undefined && (read.value.damaged > 0 || read.value.torn)) {
      const { damaged, torn } = read.value
      faults.push({ of: 'lines', path, name: kind.name, damaged, torn })
    }
  }
  return faults
}

/** Files that have no row by now, either, and are still there. */
async function stillWithoutRow(
  { files, folder }: RecordingToLookAt,
  trackIds: readonly string[],
  rowless: ReadonlySet<string>,
): Promise<readonly string[]> {
  if (rowless.size === 0) return []
  const left = new Set(rowless)
  for (const id of trackIds) {
    const path = join(folder, id, LOG_NAME)
    const log = await attempt(path, () => readLog(files, path))
    if (log.value === undefined) continue
    for (const row of fileRowsOf(log.value.index)) left.delete(mediaPath(join(folder, id), row))
  }
  const there: string[] = []
  for (const path of left) if (await isThere(files, path)) there.push(path)
  return there
}

async function isThere(files: FilePort, path: string): Promise<boolean> {
  try {
    await files.stat(path)
    return true
  } catch (cause) {
    if (errnoOf(cause) === 'ENOENT') return false
    throw cause
  }
}
