import type { FastifyPluginAsync } from 'fastify'
import type { VsrEvent } from '../src-preload/contract/events'
import type { MethodInput, MethodOutput } from '../src-preload/contract/methods'
import type { ExportJob } from '../src-preload/contract/model'

/** Everything VSR can do, without Electron, without a listening socket. Every method throws VsrError on expected failures. */
export interface Engine {
  readonly libraryDir: string
  probe(
    input: MethodInput<'sources.probe'>,
    signal?: AbortSignal,
  ): Promise<MethodOutput<'sources.probe'>>
  startRecording(input: MethodInput<'recordings.start'>): Promise<MethodOutput<'recordings.start'>>
  stopRecording(id: string): Promise<MethodOutput<'recordings.stop'>>
  listRecordings(): MethodOutput<'recordings.list'>
  getRecording(id: string): Promise<MethodOutput<'recordings.get'>>
  deleteRecording(id: string): Promise<void>
  timeline(id: string): Promise<MethodOutput<'recordings.timeline'>>
  /** Path and query of the playlist to open, relative to the local server's root, without token. */
  openPlayback(id: string): Promise<{ path: string; live: boolean }>
  createExport(input: MethodInput<'exports.create'>): Promise<MethodOutput<'exports.create'>>
  getExport(jobId: string): ExportJob
  listExports(): readonly ExportJob[]
  cancelExport(jobId: string): Promise<ExportJob>
  getSettings(): MethodOutput<'settings.get'>
  setSettings(patch: MethodInput<'settings.set'>): Promise<MethodOutput<'settings.get'>>
  /** The engine's part of system.info. */
  systemInfo(): Promise<
    Pick<
      MethodOutput<'system.info'>,
      'version' | 'libraryDir' | 'exportsDir' | 'freeBytes' | 'tools'
    >
  >
  /** Returns the function that ends the subscription. */
  onEvent(listener: (event: VsrEvent) => void): () => void
  /** `reasons` is empty when all is well. */
  health(): Promise<{
    readonly reasons: readonly string[]
    readonly details: Readonly<Record<string, unknown>>
  }>
  /** Prometheus text. */
  metrics(): Promise<string>
  /** Routes of the local HLS server, to be registered behind the request guard. */
  readonly playbackRoutes: FastifyPluginAsync
  /** Goes on with every recording that was running when the process ended. */
  resume(): Promise<void>
  /** Ends every session with a playable result; recordings that run stay `recording` on disk, so that they go on at the next start. Idempotent. */
  close(): Promise<void>
}
