import { join } from 'node:path'
import { VsrError } from '../../../src-preload/contract/errors'
import type { FilePort, FolderEntry } from '../file-port'
import { isRecordingId, RECORDINGS_FOLDER } from '../paths'
import { errnoOf, withStoreErrors } from '../store-error'
import type { Fault } from './fault'
import { findingOf } from './finding-of'
import { type LibraryDocument, lookAtDocuments, lookAtFigures } from './look-at-documents'
import { lookAtRecording, type RecordingLook } from './look-at-recording'
import { createReport, type ReportSoFar, type VerifyReport } from './report'

/** What is to be looked at. */
export interface VerifyRequest {
  /** Absent: all recordings. */
  readonly recordingId?: string
  /** Reads every stored file to its end, and compares its checksum. */
  readonly deep: boolean
  /** Ends the look. */
  readonly signal: AbortSignal
  /** 0..100, by recordings. */
  readonly onProgress: (percent: number) => void
}

/** Puts right what can be put right. Both reject with errno errors and VsrErrors, and may be called again after a crash. */
export interface Mender {
  /** @param folder of the recording. */
  recording(folder: string, faults: readonly Fault[]): Promise<void>
  /** Of the library's own folder. */
  library(faults: readonly Fault[]): Promise<void>
}

interface Verification extends VerifyRequest {
  readonly files: FilePort
  /** Real path of the library's folder. */
  readonly root: string
  /** What lies beside the catalogue. */
  readonly documents?: readonly LibraryDocument[]
  /** Absent: everything is only looked at. */
  readonly mender?: Mender
}

/**
 * Looks whether a library holds what its logs say, and nothing else. Changes nothing without a mender, and may be asked while VSR
 * records into it. What cannot be read is a finding, and ends nothing. With a mender, what was wrong is looked at again
 * after it: what is no longer found is repaired.
 * @throws VsrError `recording_not_found`, `library_unwritable` where the folder of the recordings cannot be read; the signal's reason.
 */
export async function verifyLibrary(verification: Verification): Promise<VerifyReport> {
  const { files, root, recordingId, signal, onProgress } = verification
  return await withStoreErrors(root, async () => {
    const report = createReport()
    const figures = new Map<string, RecordingLook['figures']>()
    const parent = join(root, RECORDINGS_FOLDER)
    const entries = await chosen(files, parent, recordingId)
    for (const [at, { kind, name }] of entries.entries()) {
      signal.throwIfAborted()
      onProgress((at / entries.length) * 100)
      const folder = join(parent, name)
      if (kind === 'folder' && isRecordingId(name)) {
        figures.set(name, await verifyRecording(verification, folder, report))
      } else report.found(findingOf({ of: 'unknown', path: folder }))
    }
    await verifyRoot(verification, figures, report)
    return report.done()
  })
}

async function chosen(
  files: FilePort,
  parent: string,
  recordingId: string | undefined,
): Promise<readonly FolderEntry[]> {
  const entries = await entriesOf(files, parent)
  if (recordingId === undefined) return entries
  const named = entries.filter(({ name }) => name === recordingId)
  if (named.length > 0) return named
  throw new VsrError('recording_not_found', `There is no recording “${recordingId}”.`)
}

async function verifyRecording(
  verification: Verification,
  folder: string,
  report: ReportSoFar,
): Promise<RecordingLook['figures']> {
  const { mender } = verification
  let look = await lookAtRecording({ ...verification, folder })
  const { faults } = look
  if (mender !== undefined && faults.some(isMendable)) {
    await mender.recording(folder, faults)
    look = await lookAtRecording({ ...verification, folder })
  }
  report.recording(look)
  reportAll(report, faults, look.faults)
  return look.figures
}

async function verifyRoot(
  verification: Verification,
  figures: ReadonlyMap<string, RecordingLook['figures']>,
  report: ReportSoFar,
): Promise<void> {
  const { files, root, documents = [], mender } = verification
  const look = async () => [
    ...(await lookAtDocuments({ files, root, documents })),
    ...(await lookAtFigures({ files, root, figures })),
  ]
  const faults = await look()
  const isMended = mender !== undefined && faults.some(isMendable)
  if (isMended) await mender.library(faults)
  reportAll(report, faults, isMended ? await look() : faults)
}

const isMendable = (fault: Fault): boolean => findingOf(fault).remedy !== undefined

/** @param left what was still found at the second look. */
function reportAll(report: ReportSoFar, faults: readonly Fault[], left: readonly Fault[]): void {
  const keyOf = (fault: Fault): string => `${fault.of} ${findingOf(fault).message} ${fault.path}`
  const stillThere = new Set(left.map(keyOf))
  for (const fault of faults) {
    const finding = findingOf(fault)
    const isRepaired = left !== faults && !stillThere.has(keyOf(fault))
    report.found(isRepaired ? { ...finding, repaired: true } : finding)
  }
}

/** A library that was never written to holds nothing. */
async function entriesOf(files: FilePort, folder: string): Promise<readonly FolderEntry[]> {
  try {
    return await files.readFolder(folder)
  } catch (cause) {
    if (errnoOf(cause) === 'ENOENT') return []
    throw cause
  }
}
