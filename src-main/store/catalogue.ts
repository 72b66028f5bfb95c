import { join } from 'node:path'
import { Low } from 'lowdb'
import { z } from 'zod'
import { VsrError } from '../../src-preload/contract/errors'
import type { Logger } from '../ports/logger'
import { readIfThere, removeIfThere, writeDurably } from './durable-files'
import { durableJsonAdapter } from './durable-json-adapter'
import type { FilePort } from './file-port'
import type { Figures } from './model'
import { CATALOGUE_NAME, PREVIOUS_CATALOGUE_NAME } from './paths'

const FORMAT_VERSION = 1
const amount = z.number().nonnegative()

const figuresSchema = z.object({
  startMs: amount.exactOptional(),
  endMs: amount.exactOptional(),
  durationSec: amount,
  bytes: amount,
  segments: amount,
  gaps: amount,
  gapSec: amount,
})
const entrySchema = z.object({
  id: z.string(),
  title: z.string(),
  createdMs: amount,
  /** Figures of a track hold while its log is exactly this long. */
  tracks: z.array(z.object({ id: z.string(), logBytes: amount, figures: figuresSchema })),
})
const catalogueSchema = z.union([
  z.object({ version: z.literal(FORMAT_VERSION), recordings: z.array(entrySchema) }),
  z
    .object({ version: z.number().min(FORMAT_VERSION + 1) })
    .transform(({ version }) => ({ version, recordings: [] })),
])

interface CatalogueFile {
  readonly version: number
  readonly recordings: readonly CatalogueEntry[]
}

/** Figures of one track as they were when its log was `logBytes` long. */
export interface KeptFigures {
  readonly id: string
  readonly logBytes: number
  readonly figures: Figures
}

export interface CatalogueEntry {
  readonly id: string
  readonly title: string
  readonly createdMs: number
  readonly tracks: readonly KeptFigures[]
}

/** What library.json says; undefined for anything that VSR does not write there. */
export function parseCatalogue(data: Uint8Array): readonly CatalogueEntry[] | undefined {
  try {
    return catalogueSchema.parse(JSON.parse(Buffer.from(data).toString())).recordings
  } catch {
    // It is derived from the recordings: whatever is wrong with it, it is made anew.
    return undefined
  }
}

/** @param list entries, as JSON. */
const textOf = (list: string): Buffer =>
  Buffer.from(`{"version":${FORMAT_VERSION},"recordings":${list}}\n`)

/** Nothing where it is missing or not what VSR writes there. Rejects with an errno error. */
async function readPrevious(files: FilePort, path: string): Promise<readonly CatalogueEntry[]> {
  const data = await readIfThere(files, path)
  return (data === undefined ? undefined : parseCatalogue(data)) ?? []
}

/** Takes the figures of a recording out of both generations, so that they are counted anew. Rejects with an errno error. */
export async function forgetInCatalogue(files: FilePort, root: string, id: string): Promise<void> {
  const path = join(root, CATALOGUE_NAME)
  await removeIfThere(files, join(root, PREVIOUS_CATALOGUE_NAME))
  const data = await readIfThere(files, path)
  const before = data === undefined ? undefined : parseCatalogue(data)
  if (before?.some((entry) => entry.id === id && entry.tracks.length > 0) !== true) return
  const recordings = before.map((entry) => (entry.id === id ? { ...entry, tracks: [] } : entry))
  await writeDurably({ files, path, data: textOf(JSON.stringify(recordings)) })
}

/**
 * library.json: derived from the recordings, there so that a start needs to read no logs. The generation before it stands beside it,
 * and answers where it is missing or broken (F37).
 */
export interface Catalogue {
  /** What was known when it was opened; nothing where both generations were missing or broken. */
  readonly kept: ReadonlyMap<string, CatalogueEntry>
  /** Asks for a save where something changed. Calls while one runs share the next; failures are logged, since all of it can be rebuilt. */
  save(): void
  /** Saves what there is now, and forgets the generation before. Resolves with whether that is durable. */
  saved(): Promise<boolean>
  /** Resolves when no save runs. */
  idle(): Promise<void>
}

/** Throws VsrError `library_too_new` where a newer VSR wrote it. `entries` is read at each save. */
export async function openCatalogue(options: {
  readonly files: FilePort
  readonly root: string
  readonly logger: Logger
  readonly entries: () => readonly CatalogueEntry[]
}): Promise<Catalogue> {
  const { files, root, logger, entries } = options
  const adapter = durableJsonAdapter<CatalogueFile>({
    files,
    path: join(root, CATALOGUE_NAME),
    schema: catalogueSchema,
    logger,
    keepBroken: false,
  })
  const previousPath = join(root, PREVIOUS_CATALOGUE_NAME)
  const found = await adapter.read()
  if (found !== null && found.version > FORMAT_VERSION) {
    throw new VsrError('library_too_new', 'A newer version of VSR wrote this library.', {
      hint: 'Update VSR, or choose another library folder; nothing of it was changed.',
    })
  }
  const before = found?.recordings ?? (await readPrevious(files, previousPath))
  const kept = new Map(before.map((entry) => [entry.id, entry]))
  const db = new Low<CatalogueFile>(adapter, { version: FORMAT_VERSION, recordings: before })

  /** The list in the file; undefined where there is no file worth keeping as the generation before. */
  let inFile = found === null ? undefined : JSON.stringify(found.recordings)
  const isInFile = (list: string): boolean =>
    list === (inFile ?? (before.length === 0 ? '[]' : undefined))
  let saving: Promise<void> | undefined
  let again = false
  let isSaved = true
  const saveAll = async (): Promise<void> => {
    do {
      again = false
      const recordings = entries().toSorted((a, b) => (a.id < b.id ? -1 : 1))
      const list = JSON.stringify(recordings)
      isSaved = isInFile(list)
      if (isSaved) continue
      db.data = { version: FORMAT_VERSION, recordings }
      try {
        if (inFile !== undefined)
          await writeDurably({ files, path: previousPath, data: textOf(inFile) })
        await db.write()
        inFile = list
        isSaved = true
      } catch (cause) {
        logger.warn({ err: cause }, 'the catalogue could not be saved; it is rebuilt when needed')
      }
    } while (again)
    saving = undefined
  }
  const save = (): void => {
    again = true
    saving ??= Promise.resolve().then(saveAll)
  }
  const idle = async (): Promise<void> => {
    while (saving !== undefined) await saving
  }
  const forgetPrevious = async (): Promise<boolean> => {
    try {
      await removeIfThere(files, previousPath)
      await files.syncFolder(root)
      return true
    } catch (cause) {
      logger.warn({ err: cause }, 'the catalogue of before could not be removed')
      return false
    }
  }
  return {
    kept,
    save,
    idle,
    async saved() {
      save()
      await idle()
      return isSaved && (await forgetPrevious())
    },
  }
}
