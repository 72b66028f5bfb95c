import { parentPort } from 'node:worker_threads'
import { VsrError } from '../../../src-preload/contract/errors'
import { parsePlaylist } from './parse-playlist'
import { type ParseReply, type ParseRequest, READY } from './worker-protocol'

// Whatever a list talks a parser into, the next list in this thread starts clean (SECURITY S21).
for (const shared of [Object, Function, Array, String, Map, Promise]) {
  Object.freeze(shared)
  Object.freeze(shared.prototype)
}

function answer({ text, url, definitions }: ParseRequest): ParseReply {
  try {
    return { ok: true, playlist: parsePlaylist(text, url, definitions) }
  } catch (error) {
    if (error instanceof VsrError) return { ok: false, error: error.toApiError() }
    return {
      ok: false,
      error: {
        code: 'playlist_unreadable',
        message: `The playlist cannot be read: ${error instanceof Error ? error.message : 'unknown reason'}.`,
      },
    }
  }
}

const port = parentPort
port?.on('message', (request: ParseRequest) => port.postMessage(answer(request)))
port?.postMessage(READY)
