import { Command, CommanderError, InvalidArgumentError } from 'commander'
import { VsrError } from '../../../src-preload/contract/errors'
import type { Terminal } from './terminal'
import { archiveCommand, type ArchiveOptions } from './archive-command'
import { doctorCommand } from './doctor-command'
import { exportCommand, type ExportOptions } from './export-command'
import { importCommand, type ImportOptions } from './import-command'
import { listCommand, probeCommand, showCommand } from './library-commands'
import { pinCommand, type PinOptions, unpinCommand, type UnpinOptions } from './pin-commands'
import { recordCommand, type RecordOptions } from './record-command'
import { relocateCommand } from './relocate-command'
import { serveCommand, type ServeContext, type ServeOptions } from './serve-command'
import {
  deleteCommand,
  type DeleteOptions,
  restoreCommand,
  trashCommand,
  type TrashOptions,
} from './trash-commands'
import { uploadCommand, type UploadOptions } from './upload-command'
import { verifyCommand, type VerifyOptions } from './verify-command'

interface GlobalOptions {
  readonly json?: boolean
  readonly library?: string
}

export interface CliOptions {
  readonly argv: readonly string[]
  readonly version: string
  readonly stdout: { write(text: string): unknown; readonly isTTY?: boolean }
  readonly terminal: (options: { json: boolean }) => Terminal
  /** What a command works with, once its options are known. */
  readonly context: (options: {
    command: string
    library: string | undefined
    terminal: Terminal
  }) => ServeContext
}

const EXIT_USAGE = 2
const ENDPOINT = 'the store, where it is not Amazon’s: https://host:port'
const REMOVE_LOCAL = 'remove the file here when it is there and has been compared'

/**
 * Reads the command line and runs the one command that it names.
 * @returns the exit code: 0 only on success.
 */
export async function runCli(options: CliOptions): Promise<number> {
  let exitCode = 0
  let terminal = options.terminal({ json: options.argv.includes('--json') })
  const program = new Command('vsr')
    .description('Records live and on-demand video streams, serves and cuts them.')
    .version(options.version)
    .exitOverride()
    .configureOutput({ writeOut: (text) => options.stdout.write(text), writeErr: () => {} })

  const command = (
    signature: string,
    description: string,
    run: (
      context: ServeContext,
      args: readonly string[],
      given: Record<string, unknown>,
    ) => Promise<number>,
  ) =>
    program
      .command(signature)
      .description(description)
      .option('--json', 'one JSON object per line on stdout, nothing else there')
      .option('--library <dir>', 'where recordings live (or VSR_LIBRARY)')
      .action(async function action(this: Command) {
        const given = this.opts<GlobalOptions & Record<string, unknown>>()
        const recordsUnwatched = this.name() === 'record' && options.stdout.isTTY !== true
        terminal = options.terminal({ json: given.json === true || recordsUnwatched })
        exitCode = await run(
          options.context({ command: this.name(), library: given.library, terminal }),
          this.args,
          given,
        )
      })

  command(
    'record <url>',
    'record until the source ends, the time is up or Ctrl-C',
    (context, [url = ''], given) => recordCommand(context, url, given as RecordOptions),
  )
    .option('--for <length>', 'stop after this long: 30s, 5m, 1h30m')
    .option('--until <time>', 'stop at this time: 14:30')
    .option('--quality <quality>', 'best, worst, 720p, or a highest bit rate in bits per second')
    .option('--lowest <quality>', 'may go down to while too slow: off, worst, 480p')
    .option('--audio <which>', 'default, all, or languages: en,de')
    .option('--subtitles <which>', 'none, all, or languages: en,de')
    .option('--name <name>', 'the title; else the source names it')
    .option('--export <file>', 'then export all of it to this MP4')
    .option('--wait', 'begin although nothing is there yet: record as soon as it is live')
    .option('--keep-waiting', 'when the source ends, wait for it to start again')
  command('serve', 'engine and interface in a browser', (context, _args, given) =>
    serveCommand(context, given as unknown as ServeOptions),
  )
    .option('--port <port>', 'TCP port', parsePort, 8787)
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--open', 'open the browser', false)
  command(
    'export <recording>',
    'cut a range out of a recording',
    (context, [reference = ''], given) =>
      exportCommand(context, reference, given as unknown as ExportOptions),
  )
    .option('--from <time>', 'first moment: an offset (90, 1m30s, 00:01:30.5) or a date')
    .option('--to <time>', 'last moment')
    .requiredOption('-o, --output <file>', 'the MP4 to write')
    .option('--audio <language>', 'which sound, where there are several: a language or its name')
    .option('--exact', 'cut on the very frame: re-encodes')
    .option('--upload <folder>', 'then upload it: s3://bucket/folder')
    .option('--endpoint <url>', ENDPOINT)
    .option('--remove-local', REMOVE_LOCAL)
  command(
    'upload <file>',
    'upload a file or a finished export to an object store',
    (context, [reference = ''], given) =>
      uploadCommand(context, reference, given as unknown as UploadOptions),
  )
    .requiredOption('--to <folder>', 'where to: s3://bucket/folder')
    .option('--endpoint <url>', ENDPOINT)
    .option('--remove-local', REMOVE_LOCAL)
  command(
    'archive <recording>',
    'write a recording to a folder that any player opens',
    (context, [reference = ''], given) =>
      archiveCommand(context, reference, given as unknown as ArchiveOptions),
  )
    .option('--from <time>', 'first moment: an offset (90, 1m30s, 00:01:30.5) or a date')
    .option('--to <time>', 'last moment')
    .requiredOption('-o, --output <folder>', 'the folder to make')
  command(
    'import <path>',
    'make a recording of an HLS folder, a playlist or a media file; or copy those of a library',
    (context, [given = ''], options) => importCommand(context, given, options as ImportOptions),
  ).option('--name <name>', 'the title; else it is called as its file is')
  command('list', 'the recordings', (context) => listCommand(context))
  command('show <id>', 'everything about one recording', (context, [reference = '']) =>
    showCommand(context, reference),
  )
  command('probe <url>', 'what would be recorded', (context, [url = '']) =>
    probeCommand(context, url),
  )
  command('delete <id>', 'delete a recording', (context, [reference = ''], given) =>
    deleteCommand(context, reference, given as DeleteOptions),
  ).option('--now', 'for good: not into the trash')
  command('trash', 'deleted recordings that can be had back', (context, _args, given) =>
    trashCommand(context, given as TrashOptions),
  ).option('--empty', 'remove them for good')
  command('restore <id>', 'take a recording back from the trash', (context, [reference = '']) =>
    restoreCommand(context, reference),
  )
  command('pin <id>', 'never let go of it to make room', (context, [reference = ''], given) =>
    pinCommand(context, reference, given as PinOptions),
  )
    .option('--from <time>', 'only from this moment: an offset (90, 1m30s) or a date')
    .option('--to <time>', 'only up to this moment')
    .option('--name <name>', 'what to call that stretch')
  command('unpin <id>', 'what was pinned may be let go again', (context, [reference = ''], given) =>
    unpinCommand(context, reference, given as UnpinOptions),
  ).option('--span <id>', 'only that stretch; `vsr show --json` names them')
  command('relocate <folder>', 'move the library to another folder', (context, [folder = '']) =>
    relocateCommand(context, folder),
  )
  command(
    'verify [id]',
    'check that everything that was stored is there',
    (context, [reference], given) => verifyCommand(context, reference, given as VerifyOptions),
  )
    .option('--deep', 'read every file to its end')
    .option('--repair', 'put right what can be, and say what; nothing is deleted')
  command('doctor', 'check what VSR needs on this machine', (context) => doctorCommand(context))

  try {
    await program.parseAsync(options.argv, { from: 'user' })
    return exitCode
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return 0
      const isBareCall = error.code === 'commander.help'
      terminal.fail(isBareCall ? noCommand() : usageError(error))
      return EXIT_USAGE
    }
    terminal.fail(error)
    return 1
  }
}

function parsePort(text: string): number {
  const port = Number(text)
  if (!/^\d{1,5}$/.test(text) || port > 65_535) {
    throw new InvalidArgumentError('A port is a number from 0 to 65535.')
  }
  return port
}

const noCommand = () =>
  new VsrError('bad_request', 'No command was given.', { hint: '`vsr --help` lists the commands.' })

/** Commander's text without its `error: ` and with a full stop. */
function usageError(error: CommanderError): VsrError {
  const text = error.message.replace(/^error: /, '').trim()
  const sentence = `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.?!)]$/.test(text) ? '' : '.'}`
  return new VsrError('bad_request', sentence, { hint: '`vsr --help` lists the commands.' })
}
