import { isAbsolute } from 'node:path'
import { Low } from 'lowdb'
import { type Settings, settingsSchema } from '../../src-preload/contract/model'
import { VsrError } from '../../src-preload/contract/errors'
import { systemClock } from '../ports/clock'
import type { Logger } from '../ports/logger'
import { durableJsonAdapter } from '../store/durable-json-adapter'
import type { FilePort } from '../store/file-port'
import { nodeFilePort } from '../store/node-file-port'
import { withStoreErrors } from '../store/store-error'
import { tolerantFilePort } from '../store/tolerant-file-port'

/** What is named changes; undefined goes back to the default. */
type SettingsPatch = { readonly [K in keyof Settings]?: Settings[K] | undefined }

export interface SettingsStore {
  get(): Settings
  /** Resolves with all settings once they are durable. Throws VsrError `bad_request`, `library_unwritable`, `disk_full`. */
  set(patch: SettingsPatch): Promise<Settings>
  /** Called after each change. Returns the function that ends it. */
  onChange(listener: (settings: Settings) => void): () => void
}

/**
 * Opens the settings file. One that is missing gives the defaults; so does a broken one, which is
 * kept aside as `<file>.bad` and named in the log. Mode `read` never writes.
 */
export async function openSettings(options: {
  readonly file: string
  readonly mode: 'write' | 'read'
  readonly logger: Logger
  readonly files?: FilePort
}): Promise<SettingsStore> {
  const { file, mode, logger } = options
  const files = options.files ?? tolerantFilePort({ files: nodeFilePort, clock: systemClock })
  const listeners = new Set<(settings: Settings) => void>()
  const adapter = durableJsonAdapter<Settings>({
    files,
    path: file,
    schema: settingsSchema,
    logger,
    keepBroken: mode === 'write',
  })
  const db = new Low<Settings>(adapter, settingsSchema.parse({}))
  await withStoreErrors(file, () => db.read())
  let last: Promise<unknown> = Promise.resolve()

  const change = async (patch: SettingsPatch): Promise<Settings> => {
    const next = settingsSchema.parse({ ...db.data, ...patch })
    checkFolder(next.exportsDir)
    const before = db.data
    db.data = next
    try {
      await withStoreErrors(file, () => db.write())
    } catch (cause) {
      db.data = before
      throw cause
    }
    for (const listener of listeners) listener(next)
    return next
  }

  return {
    get: () => db.data,
    set(patch) {
      if (mode === 'read') {
        return Promise.reject(
          new VsrError('library_unwritable', 'The settings are open for reading only.'),
        )
      }
      // Each change builds on the one before; whose failure went to its own caller.
      const done = last.then(
        () => change(patch),
        () => change(patch),
      )
      last = done
      return done
    },
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/** A relative path would mean another folder each time VSR is started from elsewhere. */
function checkFolder(dir: string): void {
  if (dir === '' || (isAbsolute(dir) && !dir.includes('\0'))) return
  throw new VsrError('bad_request', 'The folder for exports is not a whole path.', {
    hint: 'Write all of it, such as /home/me/Videos, or leave it empty for the one in the library.',
  })
}
