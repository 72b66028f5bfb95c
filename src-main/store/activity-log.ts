import { type Activity, activitySchema } from '../../src-preload/contract/activity'
import type { Logger } from '../ports/logger'
import { createBatcher } from './batcher'
import type { FilePort } from './file-port'
import { openLineFile } from './line-file'
import type { ActivityStore } from './model'
import { openLine, sealLine } from './sealed-line'
import { withStoreErrors } from './store-error'

export const ACTIVITY_NAME = 'activity.ndjson'
/** Kept per recording; the oldest make room. */
const MOST_ACTIVITIES = 500
/** Beyond it the file is written anew. */
const MOST_LINES = 2 * MOST_ACTIVITIES
const LONGEST_LINE = 8192
/** A file that is larger is none of VSR's own. */
export const ACTIVITY_BOUND_BYTES = MOST_LINES * LONGEST_LINE
/** Version of the lines that this build writes. */
const VERSION = 1
const BATCH = 64

interface ActivityLog extends ActivityStore {
  /** Waits for lines under way. Never rejects. */
  idle(): Promise<void>
}

/**
 * Opens what is kept of a recording's history: one sealed line for each thing that happened (see `openLineFile`).
 * Lines that are damaged, or that a newer VSR wrote, are passed over.
 * Throws VsrError `library_unwritable`.
 */
export async function openActivityLog(options: {
  readonly files: FilePort
  readonly path: string
  readonly logger: Logger
  /** Called after an activity is durable. */
  readonly onAdd: (activity: Activity) => void
}): Promise<ActivityLog> {
  const { path, onAdd } = options
  const bounds = { mostLines: MOST_LINES, longestLine: LONGEST_LINE }
  const file = await withStoreErrors(path, () => openLineFile({ ...options, ...bounds }))
  let kept: readonly Activity[] = file.lines.flatMap(decode).slice(-MOST_ACTIVITIES)

  const batcher = createBatcher<Activity, void>({
    limit: BATCH,
    async run(added) {
      const next = [...kept, ...added].slice(-MOST_ACTIVITIES)
      await withStoreErrors(path, async () => {
        if (!(await file.append(added.map(encode)))) await file.rewrite(next.map(encode))
      })
      kept = next
      for (const activity of added) onAdd(activity)
      return added.map(() => ({ status: 'fulfilled', value: undefined }))
    },
  })
  return { list: () => kept, add: (activity) => batcher.add(activity), idle: batcher.idle }
}

const encode = (activity: Activity): string => sealLine([VERSION, activity])

/** Whether a line can be read, by this VSR or by a newer one. */
export function isActivityLine(line: string): boolean {
  const [version] = openLine(line) ?? []
  return typeof version === 'number' && (version > VERSION || decode(line).length > 0)
}

function decode(line: string): Activity[] {
  const [version, value] = openLine(line) ?? []
  const read = activitySchema.safeParse(value)
  return version === VERSION && read.success ? [read.data] : []
}
