import { mkdirSync, statSync } from 'node:fs'
import path from 'node:path'
import type { VsrEvent } from '../../../src-preload/contract/events'
import { type ManagedProcess, startProcess, words } from '../../support/processes'
import { toolPath } from '../../support/tools'
import { startVsrServer, type VsrServer } from './vsr-server'

/** One program that records many streams, each to its own file. */
export interface LiveRecorder {
  /** The processes to count, with all they start. */
  readonly pids: readonly number[]
  /** True once something of each stream is on disk. */
  isRecording(): boolean
  stop(): Promise<void>
}

export interface RecorderOptions {
  readonly urls: readonly string[]
  /** Empty; what is written there is the caller's to remove. */
  readonly work: string
}

const hasBytes = (file: string) => (statSync(file, { throwIfNoEntry: false })?.size ?? 0) > 0

/** A process for each stream. */
async function startProcesses(
  { urls, work }: RecorderOptions,
  commandFor: (url: string, file: string) => readonly [string, ...string[]],
): Promise<LiveRecorder> {
  mkdirSync(work, { recursive: true })
  const files = urls.map((_, stream) => path.join(work, `${stream}.ts`))
  const processes: ManagedProcess[] = []
  for (const [stream, url] of urls.entries()) {
    const [command, ...args] = commandFor(url, files[stream] ?? '')
    processes.push(await startProcess({ command, args }))
  }
  return {
    pids: processes.map(({ pid }) => pid),
    isRecording() {
      const ended = processes.find(({ running }) => !running)
      if (ended !== undefined) throw new Error(`a peer ended: ${ended.stderr}${ended.stdout}`)
      return files.every(hasBytes)
    },
    stop: async () => {
      await Promise.all(processes.map((running) => running.stop({ signal: 'SIGINT' })))
    },
  }
}

export const startFfmpeg = (options: RecorderOptions): Promise<LiveRecorder> =>
  startProcesses(options, (url, file) => [
    toolPath('ffmpeg'),
    ...words('-nostdin -hide_banner -loglevel error -i'),
    url,
    ...words('-c copy -f mpegts'),
    file,
  ])

export const startStreamlink =
  (program: string) =>
  (options: RecorderOptions): Promise<LiveRecorder> =>
    startProcesses(options, (url, file) => [
      program,
      ...words('--quiet --force --output'),
      file,
      `hls://${url}`,
      'best',
    ])

/** The least that Node can do, see there. */
export async function startBareLoop({ urls, work }: RecorderOptions): Promise<LiveRecorder> {
  mkdirSync(work, { recursive: true })
  const args = ['tests/bench/support/bare-loop.mjs', work, ...urls]
  const loop = await startProcess({ command: process.execPath, args })
  return {
    pids: [loop.pid],
    isRecording() {
      if (!loop.running) throw new Error(`the bare loop ended: ${loop.stderr}`)
      return urls.every((_, stream) => hasBytes(path.join(work, `${stream}.log`)))
    },
    stop: async () => {
      await loop.stop({ signal: 'SIGTERM' })
    },
  }
}

export interface VsrRecorder extends LiveRecorder {
  readonly server: VsrServer
  /** Ids of the recordings, in the order of the streams. */
  readonly ids: readonly string[]
  /** How many segments of a recording were announced as stored, and when (unix ms). */
  readonly announced: ReadonlyMap<string, readonly { segments: number; atMs: number }[]>
}

/** @param options.beforeStart measures the idle server. */
export async function startVsr(
  options: RecorderOptions & {
    readonly beforeStart?: (server: VsrServer) => Promise<void>
    /** For Node itself, such as `--cpu-prof`. */
    readonly nodeArgs?: readonly string[]
  },
): Promise<VsrRecorder> {
  const announced = new Map<string, { segments: number; atMs: number }[]>()
  const onEvent = (event: VsrEvent): void => {
    if (event.type !== 'recording.updated') return
    const { id, segments } = event.recording
    const known = announced.get(id) ?? []
    announced.set(id, known)
    if (segments > (known.at(-1)?.segments ?? 0)) known.push({ segments, atMs: Date.now() })
  }
  const { work, nodeArgs = [] } = options
  const server = await startVsrServer({ work, nodeArgs, onEvent })
  await options.beforeStart?.(server)
  const ids: string[] = []
  for (const url of options.urls) ids.push((await server.call('recordings.start', { url })).id)
  return {
    server,
    ids,
    announced,
    pids: [server.pid],
    isRecording: () => ids.every((id) => (announced.get(id)?.length ?? 0) > 0),
    stop: () => server.stop(),
  }
}
