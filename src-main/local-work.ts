import type { RecordingSummary } from '../src-preload/contract/model'
import { settingsSchema } from '../src-preload/contract/model'
import { type Archived, type ArchiveRequest, archiveRecording } from './archive/archive-recording'
import type { Exporter } from './export/exporter'
import { isExportsFile } from './export/kept-exports'
import type { PlaylistParser } from './hls/parser'
import { type Imported, type ImportRequest, importRecording } from './import-control'
import { importLibrary, type LibraryImported, type LibraryImportRequest } from './library-import'
import type { Clock } from './ports/clock'
import type { Logger } from './ports/logger'
import type { Tools } from './preprocess/tools'
import { type Relocated, type RelocateRequest, relocateLibrary } from './relocate/relocate-library'
import type { Library, RecordingStore } from './store/model'
import { nodeFilePort } from './store/node-file-port'
import { repairLibrary } from './store/repair/repair-library'
import type { LibraryDocument } from './store/verify/look-at-documents'
import type { VerifyReport } from './store/verify/report'
import { verifyLibrary, type VerifyRequest } from './store/verify/verify-library'
import { isUploadsFile } from './upload/kept-uploads'
import type { Uploaded } from './upload/upload-file'
import { checkUpload, uploadOnce, type UploadOnceRequest } from './upload/upload-once'
import { UPLOADS_FILE } from './upload/uploads'

/**
 * What is for the command line only, never for the network: it reads and writes files where the person says. Every method throws
 * VsrError on expected failures.
 */
export interface LocalWork {
  /** Writes a recording to a folder that players open without VSR. */
  archiveRecording(request: ArchiveRequest): Promise<Archived>
  /** Whether the library holds what its logs say. Changes nothing. */
  verify(request: VerifyRequest): Promise<VerifyReport>
  /** As `verify`, and puts right what can be: takes the library's lock, so the engine is one of mode `read`. */
  repair(request: VerifyRequest): Promise<VerifyReport>
  /** Moves the library; the engine is of no use afterwards. While nothing is recorded. */
  relocate(request: Omit<RelocateRequest, 'knownAs'>): Promise<Relocated>
  /** Makes a recording of files on this disk. */
  importRecording(
    request: ImportRequest,
  ): Promise<Omit<Imported, 'recording'> & { readonly recording: RecordingSummary }>
  /** Copies the recordings of another library on this disk, or one of them from its folder; undefined where the path is neither. */
  importLibrary(
    request: LibraryImportRequest,
  ): Promise<
    | (Omit<LibraryImported, 'recordings'> & { readonly recordings: readonly RecordingSummary[] })
    | undefined
  >
  /** Throws VsrError where an export could not be written to this absolute path. */
  checkExportFile(file: string): Promise<void>
  /** Throws VsrError where nothing could be uploaded there. */
  checkUpload(place: Pick<UploadOnceRequest, 'to' | 'endpoint'>): Promise<void>
  /** Brings a file to an object store. */
  uploadFile(request: UploadOnceRequest): Promise<Uploaded>
}

/** What lies in the library's folder besides what the store writes. */
const documents: readonly LibraryDocument[] = [
  {
    name: 'settings.json',
    accepts: (value) => settingsSchema.safeParse(value).success,
    otherwise: 'the defaults hold',
  },
  {
    name: 'exports.json',
    accepts: isExportsFile,
    otherwise: 'earlier exports are not listed any more; their files stay',
  },
  {
    name: UPLOADS_FILE,
    accepts: isUploadsFile,
    otherwise: 'uploads that were not done do not go on',
  },
]

/**
 * @param parts.summarise as the list shows a recording.
 * @param parts.announce tells that a recording is new, or another.
 * @param parts.beforeMove ends what may change the library by itself.
 */
export function createLocalWork(parts: {
  readonly library: Library
  readonly libraryDir: string
  readonly parser: PlaylistParser
  readonly tools: Tools
  readonly exporter: Pick<Exporter, 'checkFile'>
  readonly clock: Clock
  readonly random: () => number
  readonly logger: Logger
  readonly env: NodeJS.ProcessEnv
  readonly summarise: (recording: RecordingStore) => RecordingSummary
  readonly announce: (recordingId: string) => void
  readonly beforeMove: () => Promise<void>
}): LocalWork {
  const { library, libraryDir, clock, random, logger, env, summarise, announce } = parts
  /** The library as files, for those that look at them. */
  const stored = () => ({ files: nodeFilePort, root: library.root, documents })

  return {
    archiveRecording: (request) => archiveRecording({ library, clock }, request),
    verify: (request) => verifyLibrary({ ...stored(), ...request }),
    repair: async (request) => repairLibrary({ ...stored(), clock, logger, ...request }),
    async relocate(request) {
      await parts.beforeMove()
      return relocateLibrary(library.root, { ...request, knownAs: libraryDir })
    },
    async importRecording(request) {
      const imported = await importRecording(parts, request)
      announce(imported.recording.id)
      return { ...imported, recording: summarise(imported.recording) }
    },
    async importLibrary(request) {
      const imported = await importLibrary({ library, clock, logger }, request)
      for (const { id } of imported?.recordings ?? []) announce(id)
      return imported && { ...imported, recordings: imported.recordings.map(summarise) }
    },
    checkExportFile: (file) => parts.exporter.checkFile(file),
    checkUpload: (place) => checkUpload({ env, clock }, place),
    uploadFile: (request) => uploadOnce({ env, clock, random, logger }, request),
  }
}
