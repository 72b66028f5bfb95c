import { VsrError } from '../../../src-preload/contract/errors'
import type { PlaylistParser } from '../parser'
import { type ParserThread, startParserThread } from './parser-thread'
import type { Playlist } from '../playlist'
import type { ParseRequest } from './worker-protocol'

/** SECURITY S22. */
const MAX_CHARACTERS = 5_000_000
const MAX_LINES = 50_000
const PARSE_TIMEOUT_MS = 2_000

function refuseTooLarge(text: string): void {
  if (text.length > MAX_CHARACTERS) {
    throw new VsrError('playlist_too_large', 'The playlist is larger than 5 MB.')
  }
  let lines = 1
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) {
    lines += 1
    if (lines > MAX_LINES) {
      throw new VsrError('playlist_too_large', `The playlist has more than ${MAX_LINES} lines.`)
    }
  }
}

/**
 * Parses playlists one after the other in a worker thread, which starts with the first of them. A list that takes
 * longer than `timeoutMs` costs the thread its life; the lists that wait behind it go on in a new one.
 */
export function createPlaylistParser(options: {
  readonly workerFile: URL | string
  readonly timeoutMs?: number
}): PlaylistParser {
  const timeoutMs = options.timeoutMs ?? PARSE_TIMEOUT_MS
  let thread: ParserThread | undefined
  let queue: Promise<unknown> = Promise.resolve()
  let closed = false

  const endThread = async (): Promise<void> => {
    const ending = thread
    thread = undefined
    await ending?.end()
  }

  const parseNow = async (request: ParseRequest): Promise<Playlist> => {
    if (closed) throw new VsrError('cancelled', 'The playlist parser was closed.')
    thread ??= startParserThread(options.workerFile)
    const reply = await thread.ask(request, timeoutMs).catch(async (error: unknown) => {
      await endThread()
      throw error
    })
    if (reply.ok) return reply.playlist
    const { code, message, hint } = reply.error
    throw new VsrError(code, message, hint === undefined ? {} : { hint })
  }

  return {
    async parse(text, url, definitions) {
      refuseTooLarge(text)
      const request = { text, url, ...(definitions === undefined ? {} : { definitions }) }
      const result = queue.then(() => parseNow(request))
      // The queue only orders; each failure belongs to the caller who gets `result`.
      queue = result.catch(() => undefined)
      return result
    },
    async close() {
      closed = true
      await endThread()
    },
  }
}
