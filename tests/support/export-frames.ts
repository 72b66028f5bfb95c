import path from 'node:path'
import { onTestFinished } from 'vitest'
import { createExporter } from '../../src-main/export/exporter'
import { systemClock } from '../../src-main/ports/clock'
import { silentLogger } from '../../src-main/ports/logger'
import { createTools } from '../../src-main/preprocess/tools'
import type { Library } from '../../src-main/store/model'
import { runProcess, words } from './processes'
import { tempDirForTest } from './temp-dir'
import { toolPath } from './tools'
import { waitUntil } from './wait-until'

/** Exports all of a recording; the file. @param sound which of several it carries. */
export async function exportAll(
  library: Pick<Library, 'get' | 'inUse'>,
  recordingId: string,
  sound?: { readonly trackId: string; readonly label: string },
): Promise<string> {
  const exportsDir = tempDirForTest()
  const tools = createTools({ env: process.env })
  const exporter = createExporter({
    library,
    tools,
    exportsDir: () => exportsDir,
    clock: systemClock,
    logger: silentLogger,
  })
  onTestFinished(() => exporter.close())
  const { jobId } = await exporter.create({ recordingId, fromMs: 0, toMs: 8e15, sound })
  await waitUntil({
    what: 'the export',
    check: () => ['done', 'failed'].includes(exporter.get(jobId).state),
    deadlineMs: 30_000,
  })
  const { result, error } = exporter.get(jobId)
  if (result === undefined) throw new Error(JSON.stringify(error))
  return path.resolve(result.file)
}

/** A hash of each decoded picture and piece of sound, with its time; throws where ffmpeg complains. */
export async function framesOf(file: string): Promise<string[]> {
  const args = [...words('-v error -xerror -i'), file, ...words('-f framemd5 -')]
  const { stdout, stderr } = await runProcess({ command: toolPath('ffmpeg'), args })
  if (stderr !== '') throw new Error(stderr)
  return stdout.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
}
