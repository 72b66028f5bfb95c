import { dirname } from 'node:path'
import { z } from 'zod'
import { VsrError } from '../../src-preload/contract/errors'
import type { Clock } from '../ports/clock'
import type { Logger } from '../ports/logger'
import { readIfThere, removeIfThere, uniqueName } from './durable-files'
import type { FilePort } from './file-port'
import { errnoOf } from './store-error'

const HEARTBEAT_MS = 10_000
/** A lock whose owner was silent for so long is stale. */
const STALE_AFTER_MS = 60_000
const TRIES = 5

const ownerSchema = z.object({
  pid: z.number().int().positive(),
  host: z.string().max(255),
  /** When the owning process began: tells two processes with one number apart. */
  startedMs: z.number(),
  heartbeatMs: z.number(),
  nonce: z.string().max(64),
  /** Where its interface is to be had, without token. */
  url: z.string().max(2048).exactOptional(),
})
type Owner = z.infer<typeof ownerSchema>

/** Who would hold the lock, and how to find out whether another process still lives. */
export interface LockProcess {
  readonly pid: number
  readonly host: string
  readonly startedMs: number
  isAlive(pid: number): boolean
}

export interface LibraryLock {
  /** True once another process has taken the lock over, for example after a long sleep. */
  readonly lost: boolean
  /** Tells whoever wants the library where the interface of its holder is: without token. Never rejects. */
  announce(url: string): Promise<void>
  /** Gives the lock back, unless it was lost. Idempotent. */
  release(): Promise<void>
}

interface LockOptions {
  readonly files: FilePort
  readonly path: string
  readonly clock: Clock
  readonly logger: Logger
  readonly process: LockProcess
  /** Whether the lock's folder is still the library (F33): where it is not, nobody has taken anything. True unless told. */
  readonly isThere?: () => Promise<boolean>
}

/**
 * Takes the library for this process alone (F42). A lock of a dead process, or one without heartbeat
 * for a minute, is taken over. Throws VsrError `library_locked`, naming the holder.
 */
export async function acquireLibraryLock(options: LockOptions): Promise<LibraryLock> {
  const { pid, host, startedMs } = options.process
  const nonce = uniqueName()
  let url: string | undefined
  const owner = (): Owner => ({
    pid,
    host,
    startedMs,
    heartbeatMs: options.clock.nowMs(),
    nonce,
    ...(url === undefined ? {} : { url }),
  })
  const setUrl = (next: string) => {
    url = next
  }
  for (let left = TRIES; left > 0; left -= 1) {
    if (await create(options, owner())) return holdLock(options, owner, setUrl)
    const holder = await readOwner(options)
    if (holder !== undefined && !isStale(options, holder)) throw lockedBy(holder)
    await setAside(options, holder)
  }
  throw new VsrError('library_locked', 'Another VSR is just opening this library.', {
    hint: 'Try again in a moment.',
  })
}

/** What to refuse writing with once the lock is lost. */
export const lostLockError = (): VsrError =>
  new VsrError('library_locked', 'Another VSR has taken over this library.', {
    hint: 'This one was silent for too long, for example asleep. Start it again.',
  })

/** Whether a live process holds the lock at this moment: for readers, who take none. */
export async function isLockHeld(options: Omit<LockOptions, 'logger'>): Promise<boolean> {
  const holder = await readOwner(options)
  return holder !== undefined && !isStale(options, holder)
}

function isStale(
  { clock, process }: Pick<LockOptions, 'clock' | 'process'>,
  holder: Owner,
): boolean {
  if (clock.nowMs() - holder.heartbeatMs > STALE_AFTER_MS) return true
  if (holder.host !== process.host) return false
  // The same number again after a restart, as in a container, where every start is process 1.
  if (holder.pid === process.pid) return holder.startedMs !== process.startedMs
  return !process.isAlive(holder.pid)
}

function lockedBy({ pid, host, url }: Owner): VsrError {
  const where = url === undefined ? '' : ` It is at ${url}.`
  const who = `Another VSR (process ${pid} on ${host}) is using this library.`
  return new VsrError('library_locked', who + where, {
    hint: 'Use that one, end it first, or choose another library folder.',
  })
}

/** False where the name is taken. */
async function create({ files, path }: LockOptions, owner: Owner): Promise<boolean> {
  try {
    const file = await files.open(path, 'create')
    try {
      await file.write(encode(owner))
      await file.sync()
    } finally {
      await file.close()
    }
    return true
  } catch (cause) {
    if (errnoOf(cause) === 'EEXIST') return false
    throw cause
  }
}

const encode = (owner: Owner): Buffer => Buffer.from(`${JSON.stringify(owner)}\n`)

/** Undefined for a lock that is gone, or that holds no readable owner (torn by a crash: stale). */
async function readOwner({
  files,
  path,
}: Pick<LockOptions, 'files' | 'path'>): Promise<Owner | undefined> {
  const data = await readIfThere(files, path)
  if (data === undefined) return undefined
  try {
    return ownerSchema.parse(JSON.parse(Buffer.from(data).toString()))
  } catch {
    // A torn lock is an ordinary leftover of a crash; the caller treats it as stale.
    return undefined
  }
}

/** Moves a stale lock out of the way, and puts it back when it turns out that a live one was caught. */
async function setAside(options: LockOptions, seen: Owner | undefined): Promise<void> {
  const { files, path, logger } = options
  const aside = `${path}.${uniqueName()}.stale`
  try {
    await files.rename(path, aside)
  } catch (cause) {
    if (errnoOf(cause) === 'ENOENT') return
    throw cause
  }
  const caught = await readOwner({ ...options, path: aside })
  if (caught !== undefined && caught.nonce !== seen?.nonce && !isStale(options, caught)) {
    await files.rename(aside, path)
    throw lockedBy(caught)
  }
  await files.unlink(aside)
  logger.warn({ holder: seen }, 'a stale library lock was taken over')
}

function holdLock(
  options: LockOptions,
  owner: () => Owner,
  setUrl: (url: string) => void,
): LibraryLock {
  const { files, path, clock, logger } = options
  const ending = new AbortController()
  const { nonce } = owner()
  let lost = false

  const isOurs = async (): Promise<boolean> => (await readOwner(options))?.nonce === nonce
  const beat = async (): Promise<void> => {
    if (!((await options.isThere?.()) ?? true)) {
      logger.warn({ path }, 'the library is not there at the moment, so its lock is left alone')
      return
    }
    if (!(await isOurs())) {
      lost = true
      logger.error({ path }, 'another process has taken over the library lock')
      return
    }
    const temp = `${path}.${nonce}.beat`
    await removeIfThere(files, temp)
    const file = await files.open(temp, 'create')
    try {
      await file.write(encode(owner()))
    } finally {
      await file.close()
    }
    await files.rename(temp, path)
  }
  /** One at a time: an announcement may fall on a heartbeat. */
  let last: Promise<void> = Promise.resolve()
  const beatSafely = (): Promise<void> => {
    last = last.then(beat).catch((cause: unknown) => {
      if (!ending.signal.aborted) logger.warn({ err: cause }, 'library lock heartbeat failed')
    })
    return last
  }
  const beatUntilEnd = async (): Promise<void> => {
    while (!lost && !ending.signal.aborted) {
      try {
        await clock.sleep(HEARTBEAT_MS, ending.signal)
      } catch {
        return // the lock is given back
      }
      await beatSafely()
    }
  }
  const beating = beatUntilEnd()
  let releasing: Promise<void> | undefined

  const release = async (): Promise<void> => {
    ending.abort(new Error('the lock is given back'))
    await beating
    await last
    if (!lost && (await isOurs())) {
      await files.unlink(path)
      await files.syncFolder(dirname(path))
    }
  }
  return {
    get lost() {
      return lost
    },
    async announce(url) {
      setUrl(url)
      if (!lost && !ending.signal.aborted) await beatSafely()
    },
    release() {
      releasing ??= release()
      return releasing
    },
  }
}
