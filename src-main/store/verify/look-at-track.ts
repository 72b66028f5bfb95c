import { join } from 'node:path'
import { VsrError } from '../../../src-preload/contract/errors'
import { readIfThere } from '../durable-files'
import type { FilePort } from '../file-port'
import type { Figures, FileRow } from '../model'
import { mediaPath } from '../paths'
import { DAMAGED_NAME, LOG_NAME } from '../segment-log'
import { errnoOf } from '../store-error'
import type { TrackIndex } from '../track-index'
import { checkFile } from './check-file'
import type { Fault, RowFault } from './fault'
import { holesOf } from './holes'
import { dependentsOf, equalsOf } from './needed-by'
import { fileRowsOf, type ReadLog, readLog } from './read-log'

/** What a look at one track has found. */
export interface TrackLook {
  readonly rows: number
  /** Files that are there and what was stored. */
  readonly files: number
  /** Lines that earlier starts have set aside. */
  readonly setAside: number
  readonly faults: readonly Fault[]
  /** What its rows name; undefined where its log cannot say. */
  readonly named: ReadonlySet<string> | undefined
  /** There is no log at all. */
  readonly logless: boolean
  readonly logBytes: number
  /** Undefined where the log cannot be read, or is damaged: the next start counts it anew. */
  readonly figures: Figures | undefined
}

const nothing = {
  rows: 0,
  files: 0,
  setAside: 0,
  faults: [],
  logless: false,
  logBytes: 0,
  figures: undefined,
}

/** Compares the log of a track with its files. @param options.folder of the track. Throws the signal's reason. */
export async function lookAtTrack(options: {
  readonly files: FilePort
  readonly folder: string
  readonly trackId: string
  readonly deep: boolean
  readonly signal: AbortSignal
}): Promise<TrackLook> {
  const { files, folder, trackId, deep, signal } = options
  const path = join(folder, LOG_NAME)
  const log = await attempt(path, () => readLog(files, path))
  if (log.fault !== undefined) return { ...nothing, faults: [log.fault], named: undefined }
  const { value: read } = log
  if (read === undefined) return { ...nothing, logless: true, named: new Set() }
  const { index, state } = read
  const faults: Fault[] = state.damaged.map(({ length }) => ({
    of: 'log',
    trackId,
    path,
    problem: 'line',
    bytes: length,
  }))
  // Files of rows that were let go may be there after a crash: the next start removes them.
  const named = new Set(state.gone.map((row) => mediaPath(folder, row)))
  const wrongRows: RowFault[] = []
  let there = 0
  for (const row of fileRowsOf(index)) {
    signal.throwIfAborted()
    const file = mediaPath(folder, row)
    named.add(file)
    const wrong = await checkFile({ files, path: file, row, deep })
    if (wrong === undefined) there += 1
    else wrongRows.push(await rowFault({ files, folder, trackId, index, row, ...wrong }))
  }
  faults.push(...(await stillNamed(files, path, wrongRows)))
  for (const hole of holesOf(index.told)) faults.push({ of: 'hole', trackId, path, ...hole })
  if (state.torn && (await isStillTorn(files, path, read))) {
    const bytes = read.bytes - state.wholeBytes
    faults.push({ of: 'log', trackId, path, problem: 'torn', bytes })
  }
  return {
    rows: index.told.length + index.lates.length,
    files: there,
    setAside: await linesSetAside(files, folder),
    faults,
    named,
    logless: false,
    logBytes: state.wholeBytes,
    figures: state.damaged.length > 0 || state.salvaged ? undefined : index.current.figures,
  }
}

/** Those whose rows have not been let go meanwhile. */
async function stillNamed(
  files: FilePort,
  path: string,
  faults: readonly RowFault[],
): Promise<readonly RowFault[]> {
  if (faults.length === 0) return faults
  const again = await attempt(path, () => readLog(files, path))
  if (again.value === undefined) return faults
  const named = new Set<number>()
  for (const { index } of fileRowsOf(again.value.index)) named.add(index)
  return faults.filter(({ row }) => named.has(row.index))
}

async function rowFault(options: {
  readonly files: FilePort
  readonly folder: string
  readonly trackId: string
  readonly index: TrackIndex
  readonly row: FileRow
  readonly problem: RowFault['problem']
  readonly detail: string
}): Promise<RowFault> {
  const { files, folder, trackId, index, row, problem, detail } = options
  const fault: RowFault = {
    of: 'row',
    trackId,
    row,
    path: mediaPath(folder, row),
    problem,
    detail,
    dependents: dependentsOf(index, row),
  }
  for (const other of equalsOf(index, row)) {
    const equal = mediaPath(folder, other)
    const wrong = await checkFile({ files, path: equal, row: other, deep: true })
    if (wrong === undefined) return { ...fault, equal }
  }
  return fault
}

/** What a read of a file that belongs to VSR leads to: its content, or what is wrong with it. */
export async function attempt<T>(
  path: string,
  read: () => Promise<T>,
): Promise<
  { readonly value: T; readonly fault?: never } | { readonly value?: never; readonly fault: Fault }
> {
  try {
    return { value: await read() }
  } catch (cause) {
    if (cause instanceof VsrError && cause.code === 'library_too_new') {
      return { fault: { of: 'too-new', path } }
    }
    const errno = errnoOf(cause)
    if (errno === undefined) throw cause
    return { fault: { of: 'unreadable', path, errno } }
  }
}

/** A row that is just being written looks like one that was torn, for a moment. */
async function isStillTorn(files: FilePort, path: string, before: ReadLog): Promise<boolean> {
  const again = await attempt(path, () => readLog(files, path))
  if (again.fault !== undefined) return false
  return again.value?.state.torn === true && again.value.bytes === before.bytes
}

async function linesSetAside(files: FilePort, folder: string): Promise<number> {
  const path = join(folder, DAMAGED_NAME)
  const kept = await attempt(path, () => readIfThere(files, path))
  return Buffer.from(kept.value ?? []).filter((byte) => byte === NEWLINE).length
}

const NEWLINE = 10
