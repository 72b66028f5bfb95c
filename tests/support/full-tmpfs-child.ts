import { readdirSync, rmSync, statfsSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { PlaylistParser } from '../../src-main/hls/parser'
import type { Playlist } from '../../src-main/hls/playlist'
import { systemClock } from '../../src-main/ports/clock'
import { silentLogger } from '../../src-main/ports/logger'
import { createRecorder } from '../../src-main/recorder/supervisor'
import { openLibrary } from '../../src-main/store/library'
import { nodeFilePort } from '../../src-main/store/node-file-port'
import { verifyLibrary } from '../../src-main/store/verify/verify-library'
import { createFakeHttp } from './fake-http'
import { mediaPlaylist } from './playlists'
import { waitUntil } from './wait-until'

/**
 * The program that records onto the small disk named on the command line until it is full, makes room, and says as one line of JSON
 * what came of it: a `FullTmpfsAccount`.
 */
const [, , disk = ''] = process.argv
const root = path.join(disk, 'library')
const ballast = path.join(disk, 'ballast')
const ROOM_BYTES = 700_000
const SEGMENT_MS = 250
const WINDOW = 80
const PACKETS = 300
const DEADLINE_MS = 40_000

const body = Buffer.alloc(PACKETS * 188, 0xff)
for (let at = 0; at < body.length; at += 188) body.set([0x47, 0x1f, 0xff, 0x10], at)

/** Playlists are sent as JSON here. */
const parser: PlaylistParser = {
  parse: async (text) => JSON.parse(text) as Playlist,
  close: async () => {},
}
const startMs = performance.now()
const http = createFakeHttp(({ kind }) => {
  if (kind !== 'playlist') return { body }
  const first = Math.floor((performance.now() - startMs) / SEGMENT_MS)
  return { body: JSON.stringify(mediaPlaylist({ first, count: WINDOW, durationSec: 1 })) }
})
const clock = systemClock
const library = await openLibrary({ root, mode: 'write', clock, logger: silentLogger })
const recorder = createRecorder({
  library,
  http,
  parser,
  clock,
  random: Math.random,
  logger: silentLogger,
  parallelDownloads: () => 3,
})
const { bavail, bsize } = statfsSync(disk)
writeFileSync(ballast, Buffer.alloc(Math.max(0, bavail * bsize - ROOM_BYTES)))
const recording = await library.create({
  title: 'Test',
  sourceUrl: 'http://edge1/live.m3u8',
  state: 'recording',
  live: true,
})
const source = {
  playlistUrl: 'http://edge1/live.m3u8',
  headers: {},
  title: 'Test',
  allowPrivateNetwork: true,
}
recorder.start({ recording, quality: 'best', resolve: async () => source, source })
await waitUntil({
  what: 'the disk to be full',
  deadlineMs: DEADLINE_MS,
  check: () => recorder.status(recording.id)?.reason?.cause?.code === 'disk_full',
})
await clock.sleep(1500)
const emptyFiles = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
  (name) => name.endsWith('.ts') && statSync(path.join(root, name)).size === 0,
).length
const before = recording.figures.segments
rmSync(ballast)
const freedMs = performance.now()
await waitUntil({
  what: 'a segment after there is room again',
  deadlineMs: DEADLINE_MS,
  check: () => recording.figures.segments > before,
})
const resumedMs = performance.now() - freedMs
await recorder.stop(recording.id)
const { gaps, segments } = recording.figures
await library.close()
const { missing, damaged } = await verifyLibrary({
  files: nodeFilePort,
  root,
  deep: true,
  signal: new AbortController().signal,
  onProgress: () => {},
})
console.log(JSON.stringify({ before, segments, gaps, emptyFiles, resumedMs, missing, damaged }))
process.exit(0)
