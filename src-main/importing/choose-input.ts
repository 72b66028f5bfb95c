import { open, readdir, realpath, stat } from 'node:fs/promises'
import path from 'node:path'
import { VsrError } from '../../src-preload/contract/errors'

/** What lies where the person pointed. */
export type ImportInput =
  | {
      readonly kind: 'playlist'
      readonly root: string
      readonly name: string
      readonly title: string
    }
  | {
      readonly kind: 'media'
      readonly file: string
      readonly demuxer: Demuxer
      readonly title: string
    }

/** ffmpeg's names of the formats that are taken; forced, so that no other one is ever tried (SECURITY S12). */
export type Demuxer = 'mpegts' | 'mp4' | 'matroska'

const PLAYLIST_NAME = /\.m3u8?$/i
/** What a folder's playlist is usually called, the likeliest first. */
const USUAL_NAMES = ['main', 'master', 'index', 'playlist', 'stream']
const HEAD_BYTES = 4096
const TS_PACKET_BYTES = 188

/**
 * Finds out what to import: a playlist with its folder, or a media file, told by its first bytes.
 * @param given absolute path of a file or folder.
 * @throws VsrError `bad_request`, `unsupported_source`.
 */
export async function chooseInput(given: string): Promise<ImportInput> {
  const real = await realpath(given).catch((cause: unknown) => {
    throw new VsrError('bad_request', `There is nothing at ${given}.`, { cause })
  })
  const found = await stat(real)
  if (found.isDirectory()) {
    const names = await readdir(real)
    const name = playlistAmong(names)
    if (name !== undefined)
      return { kind: 'playlist', root: real, name, title: path.basename(real) }
    throw nothingKnown(given, names)
  }
  const title = path.parse(given).name
  if (!found.isFile()) throw new VsrError('bad_request', `${given} is neither file nor folder.`)
  const head = await readHead(real)
  if (isPlaylist(head)) {
    return { kind: 'playlist', root: path.dirname(real), name: path.basename(real), title }
  }
  const demuxer = demuxerOf(head)
  if (demuxer !== undefined) return { kind: 'media', file: real, demuxer, title }
  throw new VsrError(
    'unsupported_source',
    `${path.basename(given)} is nothing that can be imported.`,
    {
      hint: 'HLS playlists and their folders, MPEG-TS, MP4, MOV, MKV and WebM files can.',
    },
  )
}

function nothingKnown(given: string, names: readonly string[]): VsrError {
  const lists = names.filter((name) => PLAYLIST_NAME.test(name))
  if (lists.length > 0) {
    return new VsrError('bad_request', `${given} holds ${lists.length} playlists.`, {
      hint: `Name the one to import: ${lists.slice(0, 5).join(', ')}.`,
    })
  }
  return new VsrError('unsupported_source', `There is no HLS playlist in ${given}.`)
}

/** The one that stands for the folder; undefined where that is not clear. Pure. */
export function playlistAmong(names: readonly string[]): string | undefined {
  const lists = names.filter((name) => PLAYLIST_NAME.test(name))
  if (lists.length === 1) return lists[0]
  const usual = USUAL_NAMES.flatMap((word) =>
    lists.filter((name) => name.toLowerCase().replace(PLAYLIST_NAME, '') === word),
  )
  return usual[0]
}

async function readHead(file: string): Promise<Buffer> {
  const handle = await open(file, 'r')
  try {
    const head = Buffer.alloc(HEAD_BYTES)
    const { bytesRead } = await handle.read(head, 0, HEAD_BYTES, 0)
    return head.subarray(0, bytesRead)
  } finally {
    await handle.close()
  }
}

const isPlaylist = (head: Buffer): boolean =>
  /^\uFEFF?\s*#EXTM3U/.test(head.subarray(0, 64).toString('utf8'))

/** By what stands at a file's beginning, whatever it is called; undefined for all that is not taken. Pure. */
export function demuxerOf(head: Buffer): Demuxer | undefined {
  if (head.length < 12) return undefined
  if (head.readUInt32BE(0) === 0x1a45dfa3) return 'matroska'
  if (['ftyp', 'moov', 'styp', 'wide', 'mdat'].includes(head.toString('latin1', 4, 8))) return 'mp4'
  const syncs = [0, 1, 2, 3].map((packet) => head[packet * TS_PACKET_BYTES])
  return syncs.every((byte) => byte === 0x47) ? 'mpegts' : undefined
}
