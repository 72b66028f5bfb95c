import { VsrError } from '../../../src-preload/contract/errors'
import type { Engine } from '../../engine'
import { type CommandContext, findRecording, withEngine } from './context'

type VerifyReport = Awaited<ReturnType<Engine['verify']>>

export interface VerifyOptions {
  readonly deep?: boolean
}

/**
 * `vsr verify [<id>]`: whether the library holds what its logs say.
 * @returns the exit code: 1 where something is wrong.
 */
export async function verifyCommand(
  context: CommandContext,
  reference: string | undefined,
  { deep = false }: VerifyOptions,
): Promise<number> {
  const { terminal, interrupted } = context
  return withEngine(context, 'read', async (engine) => {
    let shown = -1
    const report = await engine
      .verify({
        ...(reference === undefined ? {} : { recordingId: findRecording(engine, reference).id }),
        deep,
        signal: interrupted,
        onProgress(percent) {
          if (Math.floor(percent) === shown) return
          shown = Math.floor(percent)
          terminal.progress(`looking · ${shown} %`)
        },
      })
      .catch((error: unknown) => {
        if (interrupted.aborted) throw new VsrError('cancelled', 'The look was cut off.')
        throw error
      })
    terminal.emit(report)
    for (const { path, message } of report.findings) terminal.say(`${path}\n  ${message}`)
    terminal.say(summaryOf(report, deep))
    return isRight(report) ? 0 : 1
  })
}

const isRight = ({ missing, orphans, damaged }: VerifyReport): boolean =>
  missing + orphans + damaged === 0

function summaryOf(report: VerifyReport, deep: boolean): string {
  const { recordings, rows, files, missing, orphans, damaged, findings } = report
  const looked = `${recordings} recordings, ${rows} rows, ${files} files`
  if (isRight(report)) {
    return deep
      ? `All is as it was stored: ${looked}, each read to its end.`
      : `All is there: ${looked}. \`--deep\` reads the files, too.`
  }
  const hidden = missing + orphans + damaged - findings.length
  const more = hidden > 0 ? ` (${hidden} more are not listed)` : ''
  return `${looked}: ${missing} missing, ${damaged} damaged, ${orphans} without a row${more}. Nothing was changed.`
}
