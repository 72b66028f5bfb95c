import { VsrError } from '../../../src-preload/contract/errors'
import type { Engine } from '../../engine'
import { recordingIdSchema } from '../../../src-preload/contract/model'
import { type CommandContext, findRecording, withEngine } from './context'
import { percentProgress } from './percent-progress'

type VerifyReport = Awaited<ReturnType<Engine['verify']>>
type Finding = VerifyReport['findings'][number]

export interface VerifyOptions {
  readonly deep?: boolean
  readonly repair?: boolean
}

/**
 * `vsr verify [<id>]`: whether the library holds what its logs say; with `--repair`, what does not is put right as far as it can be.
 * @returns the exit code: 1 where something is wrong and was not repaired.
 */
export async function verifyCommand(
  context: CommandContext,
  reference: string | undefined,
  { deep = false, repair = false }: VerifyOptions,
): Promise<number> {
  const { terminal, interrupted } = context
  return withEngine(context, 'read', async (engine) => {
    const look = repair ? engine.repair : engine.verify
    const report = await look({
      ...(reference === undefined ? {} : { recordingId: idOf(engine, reference) }),
      deep,
      signal: interrupted,
      onProgress: percentProgress(terminal, 'looking', { forScripts: false }),
    }).catch((error: unknown) => {
      if (interrupted.aborted) throw new VsrError('cancelled', 'The look was cut off.')
      throw error
    })
    terminal.emit(report)
    for (const finding of report.findings) terminal.say(linesOf(finding, repair))
    terminal.say(summaryOf(report, { deep, repair }))
    return wrongIn(report) === report.repaired ? 0 : 1
  })
}

/** A recording that cannot be opened is in no list, but has its folder. */
const idOf = (engine: Engine, reference: string): string =>
  recordingIdSchema.safeParse(reference).success ? reference : findRecording(engine, reference).id

const wrongIn = ({ missing, orphans, damaged }: VerifyReport): number => missing + orphans + damaged

function linesOf({ path, message, remedy, repaired }: Finding, repair: boolean): string {
  if (remedy === undefined) return `${path}\n  ${message}`
  if (!repair) return `${path}\n  ${message} With --repair: ${remedy}`
  return `${path}\n  ${message} ${repaired === true ? `Repaired: ${remedy}` : 'It could not be repaired.'}`
}

function summaryOf(
  report: VerifyReport,
  { deep, repair }: { readonly deep: boolean; readonly repair: boolean },
): string {
  const { recordings, rows, files, missing, orphans, damaged, repaired, findings } = report
  const looked = [
    counted(recordings, 'recording'),
    counted(rows, 'row'),
    counted(files, 'file'),
  ].join(', ')
  const aside = asideOf(report)
  const wrong = wrongIn(report)
  if (wrong === 0) {
    return deep
      ? `All is as it was stored: ${looked}, each read to its end.${aside}`
      : `All is there: ${looked}. \`--deep\` reads the files, too.${aside}`
  }
  const hidden = wrong - findings.length
  const more = hidden > 0 ? ` (${hidden} more are not listed)` : ''
  const found = `${looked}: ${missing} missing, ${damaged} damaged, ${orphans} without a row${more}.`
  if (repair) return `${found} ${repaired} of ${wrong} repaired.${aside}`
  const mendable = findings.filter(({ remedy }) => remedy !== undefined).length
  const offer = mendable > 0 ? ` \`--repair\` puts right what it says above.` : ''
  return `${found} Nothing was changed.${offer}${aside}`
}

const asideOf = ({ setAside }: VerifyReport): string =>
  setAside === 0 ? '' : ` Set aside by repairs: ${setAside}.`

const counted = (count: number, word: string): string =>
  `${count} ${count === 1 ? word : `${word}s`}`
