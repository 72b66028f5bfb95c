import { basename } from 'node:path'
import { VsrError } from '../../src-preload/contract/errors'
import { decideOnFailure, type FailureAction } from '../fetch/failure-action'
import { withRetries } from '../fetch/with-retries'
import type { Clock } from '../ports/clock'
import type { Logger } from '../ports/logger'
import { addressOf, keyOf, type UploadFolder } from './address'
import { type LocalFile, openLocalFile } from './local-file'
import type { ObjectStore } from './object-store'
import { holdsPlan, sendFile, type Sending, type Tried } from './send-file'

export interface UploadRequest {
  /** Absolute path. */
  readonly file: string
  readonly to: UploadFolder
  /** Removes the file here when it is there, and has been compared. */
  readonly removeLocal: boolean
  readonly signal: AbortSignal
  /** 0..100. */
  readonly onProgress?: (percent: number) => void
  /** Something failed and is tried again after so many milliseconds. */
  readonly onTrouble?: (error: VsrError, delayMs: number) => void
}

/** A file that is in the object store, compared by size and checksum. */
export interface Uploaded {
  /** `s3://bucket/key`. */
  readonly address: string
  readonly bytes: number
  /** Of these, what was there already: of an upload that was cut off, or of all of it. */
  readonly bytesBefore: number
  readonly localRemoved: boolean
}

export interface UploadParts {
  readonly store: ObjectStore
  readonly clock: Clock
  /** 0..1. */
  readonly random: () => number
  readonly logger: Logger
}

/**
 * Uploads one file. What the store has of it from an earlier try is not sent again. An object that is there with other content stays.
 *
 * Throws VsrError `bad_request`, `upload_target_exists`, `upload_target_missing`, `upload_refused`, `upload_not_signed_in`,
 * `upload_file_changed`, and where it was tried in vain `upload_damaged`, `upload_store_failed`, `connection_failed` and the like.
 */
export async function uploadFile(parts: UploadParts, request: UploadRequest): Promise<Uploaded> {
  const { to, removeLocal, signal } = request
  const key = keyOf(to, basename(request.file))
  const address = addressOf(to, key)
  const logger = parts.logger.child({ part: 'upload', address })
  const file = await openLocalFile(request.file)
  try {
    const { bytes, bytesBefore } = await bringThere({ ...parts, logger }, request, key, file)
    await file.close()
    // Only now: its size and its checksum are those of what was read here.
    if (removeLocal) await file.remove()
    logger.info({ bytes, bytesBefore, localRemoved: removeLocal }, 'uploaded')
    return { address, bytes, bytesBefore, localRemoved: removeLocal }
  } catch (cause) {
    if (!signal.aborted) throw cause
    throw new VsrError('cancelled', 'The upload was cancelled.', {
      hint: 'What has arrived is kept for the next try: uploaded again, the file goes on from there.',
      cause,
    })
  } finally {
    await file.close()
  }
}

async function bringThere(
  { store, clock, random, logger }: UploadParts,
  { signal, onProgress, onTrouble }: UploadRequest,
  key: string,
  file: LocalFile,
): Promise<Pick<Uploaded, 'bytes' | 'bytesBefore'>> {
  const onFailure = ({ error, action }: { error: unknown; action: FailureAction }) => {
    logger.warn({ err: error, ...action }, 'an upload failed for the moment')
    if (action.action === 'retry' && error instanceof VsrError) onTrouble?.(error, action.delayMs)
  }
  const tried: Tried = (what) =>
    withRetries({ kind: 'upload', clock, random, signal, onFailure }, what)
  const plan = await file.plan(signal)
  const { bytes } = plan
  const isThere = async (): Promise<boolean | undefined> => {
    const found = await tried(() => store.find(key, signal))
    return found && (await tried(() => holdsPlan({ store, key, plan, signal }, found)))
  }

  const before = await isThere()
  if (before === true) return { bytes, bytesBefore: bytes }
  if (before === false) throw exists(key)
  for (let round = 1; ; round += 1) {
    let stored = 0
    let bytesBefore = 0
    const onStored: Sending['onStored'] = (more, had) => {
      stored += more
      if (had === 'before') bytesBefore += more
      onProgress?.((100 * stored) / Math.max(1, bytes))
    }
    await sendFile({ store, key, plan, file, tried, signal, onStored })
    if ((await isThere()) === true) return { bytes, bytesBefore }
    const error = damaged()
    const action = decideOnFailure({
      kind: 'upload',
      error,
      attempt: round,
      elapsedMs: 0,
      random: random(),
    })
    onFailure({ error, action })
    if (action.action !== 'retry') throw error
    await clock.sleep(action.delayMs, signal)
  }
}

const exists = (key: string): VsrError =>
  new VsrError('upload_target_exists', `There is another ${key} in the object store.`, {
    hint: 'Choose another folder there, or remove that object first.',
  })

const damaged = (): VsrError =>
  new VsrError('upload_damaged', 'What arrived in the object store is not what was sent.', {
    hint: 'The file is kept here. It is sent again; if that does not help, something on the way or in the store changes it.',
  })
