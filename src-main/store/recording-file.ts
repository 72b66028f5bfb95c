import { join } from 'node:path'
import { z } from 'zod'
import { trackKindSchema } from '../../src-preload/contract/activity'
import { VsrError } from '../../src-preload/contract/errors'
import {
  markerSchema,
  pinnedSpanSchema,
  recordingIdSchema,
  resolutionSchema,
} from '../../src-preload/contract/model'
import { readIfThere, removeIfThere, writeDurably } from './durable-files'
import type { FilePort } from './file-port'
import { keepEarlier } from './keep-earlier'
import type { RecordingMeta, ResumeInfo, TrackInfo } from './model'
import { isTrackId, RECORDING_NAME, RESUME_NAME } from './paths'

/** What every build can read. */
const FORMAT_VERSION = 1
/** A build that knows nothing of pinned stretches would write the file without them, and what they keep could be let go. */
const PINS_FORMAT_VERSION = 2
const LATEST_FORMAT_VERSION = PINS_FORMAT_VERSION
const OWNER_ONLY = 0o600

const trackSchema = z.object({
  id: z.string().refine(isTrackId, 'a track id'),
  kind: trackKindSchema,
  codecs: z.string(),
  resolution: resolutionSchema.exactOptional(),
  language: z.string().exactOptional(),
  name: z.string().exactOptional(),
  bandwidth: z.number().nonnegative(),
  channels: z.string().exactOptional(),
  isDefault: z.boolean().exactOptional(),
  forced: z.boolean().exactOptional(),
  innerAudio: z.object({ name: z.string(), language: z.string().exactOptional() }).exactOptional(),
  closedCaptions: z
    .array(
      z.object({
        instreamId: z.string(),
        name: z.string(),
        language: z.string().exactOptional(),
        isDefault: z.boolean(),
      }),
    )
    .exactOptional(),
})
const metaSchema = z.object({
  id: recordingIdSchema,
  title: z.string(),
  sourceUrl: z.string(),
  state: z.enum(['recording', 'stopped', 'failed']),
  createdMs: z.number().int().nonnegative(),
  pinned: z.boolean(),
  pinnedSpans: z.array(pinnedSpanSchema).default([]),
  live: z.boolean(),
  keepWaiting: z.boolean().default(false),
  sourceEnded: z.boolean().exactOptional(),
  failure: z
    .object({ code: z.string(), message: z.string(), hint: z.string().exactOptional() })
    .exactOptional(),
  markers: z.array(markerSchema),
})
const fileSchema = z.object({
  version: z.union([z.literal(FORMAT_VERSION), z.literal(PINS_FORMAT_VERSION)]),
  meta: metaSchema,
  tracks: z.array(trackSchema),
})
const resumeSchema = z.object({
  inputUrl: z.string(),
  quality: z.string(),
  lowest: z.string().exactOptional(),
  audio: z.string().exactOptional(),
  subtitles: z.string().exactOptional(),
})
const versionSchema = z.object({ version: z.number() })

/** What `recording.json` holds. */
export interface RecordingFile {
  readonly meta: RecordingMeta
  readonly tracks: readonly TrackInfo[]
}

/**
 * Reads `recording.json`. Throws VsrError `library_too_new` for a later format, and an Error that
 * names what is wrong for anything that is no recording.
 */
export async function readRecordingFile(files: FilePort, folder: string): Promise<RecordingFile> {
  const parsed: unknown = JSON.parse(
    Buffer.from(await files.readFile(join(folder, RECORDING_NAME))).toString(),
  )
  const version = versionSchema.safeParse(parsed)
  if (version.success && version.data.version > LATEST_FORMAT_VERSION) {
    throw new VsrError('library_too_new', 'A newer version of VSR wrote this recording.', {
      hint: 'Update VSR to open it; nothing of it was changed.',
    })
  }
  return fileSchema.parse(parsed)
}

const versionFor = ({ meta }: RecordingFile): number =>
  meta.pinnedSpans.length > 0 ? PINS_FORMAT_VERSION : FORMAT_VERSION

/** As `readRecordingFile`, with the id of the folder that it lies in: somebody has copied it there. */
export async function readForeignFile(
  files: FilePort,
  folder: string,
  id: string,
): Promise<RecordingFile> {
  const { meta, tracks } = await readRecordingFile(files, folder)
  return { meta: { ...meta, id }, tracks }
}

/**
 * Replaces `recording.json` durably, in the lowest version that holds all of it. Before the first one of a later version,
 * the file is kept as it was (`recording.v1.json`). Rejects with an errno error.
 */
export async function writeRecordingFile(
  files: FilePort,
  folder: string,
  content: RecordingFile,
): Promise<void> {
  const { meta, tracks } = content
  const version = versionFor(content)
  const path = join(folder, RECORDING_NAME)
  if (version > FORMAT_VERSION) await keepEarlier({ files, path, version })
  const data = Buffer.from(`${JSON.stringify({ version, meta, tracks }, null, 2)}\n`)
  await writeDurably({ files, path, data })
}

/** Undefined where there is nothing to go on with. Throws an Error for a file that is none of ours. */
export async function readResumeFile(
  files: FilePort,
  folder: string,
): Promise<ResumeInfo | undefined> {
  const data = await readIfThere(files, join(folder, RESUME_NAME))
  return data === undefined
    ? undefined
    : resumeSchema.parse(JSON.parse(Buffer.from(data).toString()))
}

/** Writes or removes `resume.json`. It may hold tokens: readable by its owner only (S34). */
export async function writeResumeFile(
  files: FilePort,
  folder: string,
  info: ResumeInfo | undefined,
): Promise<void> {
  const path = join(folder, RESUME_NAME)
  if (info === undefined) {
    await removeIfThere(files, path)
    await files.syncFolder(folder)
    return
  }
  const data = Buffer.from(`${JSON.stringify(info)}\n`)
  await writeDurably({ files, path, data, permissions: OWNER_ONLY })
}
