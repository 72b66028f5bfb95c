import { basename, join } from 'node:path'
import type { TrackKind } from '../../../src-preload/contract/activity'
import type { Logger } from '../../ports/logger'
import type { CatalogueEntry } from '../catalogue'
import { readIfThere, writeDurably } from '../durable-files'
import type { FilePort } from '../file-port'
import type { TrackInfo } from '../model'
import { isTrackId } from '../paths'
import { readForeignFile, type RecordingFile, writeRecordingFile } from '../recording-file'
import { LOG_NAME } from '../segment-log'
import type { DescriptionFault, Fault, LinesFault } from '../verify/fault'
import { lineFileKinds, readLines } from '../verify/line-files'
import { readLog } from '../verify/read-log'
import { mendTrack } from './mend-track'
import { createQuarantine, type Quarantine } from './quarantine'

interface RecordingToMend {
  readonly files: FilePort
  readonly folder: string
  readonly faults: readonly Fault[]
  /** What the catalogue knows of it. */
  readonly known: CatalogueEntry | undefined
  readonly logger: Logger
}

/**
 * Puts right what can be put right in a recording that nobody else writes to. Each step leaves what a second call goes on with.
 * Rejects with errno errors and VsrErrors.
 */
export async function mendRecording(recording: RecordingToMend): Promise<void> {
  const { files, folder, faults, logger } = recording
  const quarantine = createQuarantine(files, folder)
  for (const fault of faults) {
    if (fault.of === 'description') await mendDescription(recording, fault, quarantine)
    if (fault.of === 'lines') await mendLines(files, fault, quarantine)
  }
  for (const trackId of tracksOf(faults)) {
    const own = faults.filter((fault) => 'trackId' in fault && fault.trackId === trackId)
    await mendTrack({ files, folder, trackId, faults: own, quarantine, logger })
  }
  const strays = faults.flatMap((fault) =>
    fault.of === 'stray' && !fault.logless ? [fault.path] : [],
  )
  await quarantine.take(strays)
}

const tracksOf = (faults: readonly Fault[]): Set<string> =>
  new Set(faults.flatMap((fault) => ('trackId' in fault ? [fault.trackId] : [])))

/** Spans or activity, without the lines that cannot be read. */
async function mendLines(
  files: FilePort,
  { path, name }: LinesFault,
  quarantine: Quarantine,
): Promise<void> {
  const kind = lineFileKinds.find((one) => one.name === name)
  const state = kind === undefined ? undefined : await readLines(files, path, kind)
  if (state === undefined) return
  await quarantine.keep(path, await files.readFile(path))
  await writeDurably({ files, path, data: Buffer.from(state.whole) })
}

async function mendDescription(
  { files, folder, known }: RecordingToMend,
  { path, problem }: DescriptionFault,
  quarantine: Quarantine,
): Promise<void> {
  const before = await readIfThere(files, path)
  if (before !== undefined) await quarantine.keep(path, before)
  const id = basename(folder)
  const content =
    problem === 'foreign' && before !== undefined
      ? await readForeignFile(files, folder, id)
      : await describeAnew({ files, folder, id, known })
  await writeRecordingFile(files, folder, content)
}

/** A description of what is there: the title of the catalogue, and the tracks that have rows. */
async function describeAnew(options: {
  readonly files: FilePort
  readonly folder: string
  readonly id: string
  readonly known: CatalogueEntry | undefined
}): Promise<RecordingFile> {
  const { files, folder, id, known } = options
  const tracks: TrackInfo[] = []
  let firstMs: number | undefined
  for (const { name, kind } of await files.readFolder(folder)) {
    if (kind !== 'folder' || !isTrackId(name)) continue
    const log = await readLog(files, join(folder, name, LOG_NAME))
    if (log === undefined || log.index.told.length === 0) continue
    const startMs = log.index.told.startMsAt(0)
    firstMs = Math.min(firstMs ?? startMs, startMs)
    tracks.push({ id: name, kind: kindOf(name), codecs: '', bandwidth: 0 })
  }
  return {
    meta: {
      id,
      title: known?.title ?? `Recovered recording ${id}`,
      sourceUrl: '',
      state: 'stopped',
      createdMs: Math.round(known?.createdMs ?? firstMs ?? 0),
      // Whether it was pinned is lost: nothing of it is let go until a person says so.
      pinned: true,
      pinnedSpans: [],
      live: false,
      keepWaiting: false,
      markers: [],
    },
    // Pictures first, then sound, then subtitles: the first one stands for the recording.
    tracks: tracks.toSorted((a, b) => placeOf(a) - placeOf(b) || a.id.localeCompare(b.id)),
  }
}

const KINDS: readonly TrackKind[] = ['video', 'audio', 'subtitles']
const placeOf = ({ kind }: TrackInfo): number => KINDS.indexOf(kind)

/** Tracks are named by their kind: `v0`, `a0`, `s0`. */
function kindOf(trackId: string): TrackKind {
  return KINDS.find((kind) => trackId.startsWith(kind.charAt(0))) ?? 'video'
}
