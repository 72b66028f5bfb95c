import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import path from 'node:path'
import { runProcess } from '../ports/run-process'
import type { Tool, ToolName } from '../ports/tools'

/** The programs that VSR runs, looked for when they are needed: one that was installed meanwhile is found without a restart. */
export interface Tools {
  ffmpeg(): Promise<Tool | undefined>
  ffprobe(): Promise<Tool | undefined>
  /** Where ffprobe is, without running it to ask for its version: for who runs it anyway, and can do without. */
  ffprobePath(): Promise<string | undefined>
  ytdlp(): Promise<Tool | undefined>
  /** One sentence: what to type on this platform to get it. */
  installHint(name: ToolName): string
  /** All of them, with what to do about those that are missing. */
  report(): Promise<{ name: ToolName; version?: string; problem?: string }[]>
}

const VERSION_DEADLINE_MS = 10_000

const recipes: Record<ToolName, { variable: string; args: string[]; version: RegExp }> = {
  ffmpeg: { variable: 'VSR_FFMPEG', args: ['-version'], version: /^ffmpeg version (\S+)/ },
  ffprobe: { variable: 'VSR_FFPROBE', args: ['-version'], version: /^ffprobe version (\S+)/ },
  'yt-dlp': { variable: 'VSR_YTDLP', args: ['--version'], version: /^(\d{4}\.\d{2}\.\d{2}\S*)/ },
}
const names = ['ffmpeg', 'ffprobe', 'yt-dlp'] as const

/** @param options.env where VSR_FFMPEG, VSR_FFPROBE, VSR_YTDLP and PATH are read from. */
export function createTools({ env }: { env: NodeJS.ProcessEnv }): Tools {
  const known = new Map<ToolName, Promise<Tool | undefined>>()
  const find = (name: ToolName): Promise<Tool | undefined> => {
    const before = known.get(name)
    if (before !== undefined) return before
    const search = findTool(name, env).then((tool) => {
      if (tool === undefined) known.delete(name)
      return tool
    })
    known.set(name, search)
    return search
  }
  const hint = (name: ToolName) => installHint(name, process.platform)
  return {
    ffmpeg: () => find('ffmpeg'),
    ffprobe: () => find('ffprobe'),
    async ffprobePath() {
      const found = await known.get('ffprobe')
      return found?.path ?? (await firstExecutable(candidatesFor('ffprobe', env)))
    },
    ytdlp: () => find('yt-dlp'),
    installHint: hint,
    report: () =>
      Promise.all(
        names.map(async (name) => {
          const tool = await find(name)
          return tool === undefined
            ? { name, problem: `Not found. ${hint(name)}` }
            : { name, version: tool.version }
        }),
      ),
  }
}

/** One sentence: what to type to get the program. */
export function installHint(name: ToolName, platform: NodeJS.Platform): string {
  const where = `or set ${recipes[name].variable} to its path`
  const isPartOfFfmpeg = name === 'ffprobe'
  const program = isPartOfFfmpeg ? 'ffmpeg' : name
  const includes = isPartOfFfmpeg ? ' (ffprobe comes with it)' : ''
  const say = (command: string) => `Install it with \`${command}\`${includes}, ${where}.`
  if (platform === 'win32') {
    return say(`winget install ${program === 'ffmpeg' ? 'Gyan.FFmpeg' : 'yt-dlp.yt-dlp'}`)
  }
  return say(platform === 'darwin' ? `brew install ${program}` : `sudo apt-get install ${program}`)
}

/** The configured path when there is one, else each folder of PATH in turn; the first that answers. */
async function findTool(name: ToolName, env: NodeJS.ProcessEnv): Promise<Tool | undefined> {
  const { args, version } = recipes[name]
  for (const file of candidatesFor(name, env)) {
    if (!(await isExecutable(file))) continue
    const answer = await askVersion(file, args, version, env)
    if (answer !== undefined) return { path: file, version: answer }
  }
  return undefined
}

function candidatesFor(name: ToolName, env: NodeJS.ProcessEnv): string[] {
  const configured = env[recipes[name].variable]
  return configured ? [path.resolve(configured)] : pathCandidates(name, env)
}

async function firstExecutable(files: readonly string[]): Promise<string | undefined> {
  for (const file of files) if (await isExecutable(file)) return file
  return undefined
}

function pathCandidates(name: ToolName, env: NodeJS.ProcessEnv): string[] {
  const folders = (env['PATH'] ?? env['Path'] ?? '').split(path.delimiter)
  const extension = process.platform === 'win32' ? '.exe' : ''
  return folders.filter(path.isAbsolute).map((folder) => path.join(folder, name + extension))
}

async function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false, // not there or not ours to run: both mean that the next place is looked at
  )
}

/** A file that cannot be run, hangs or prints something else is not the program that was looked for. */
async function askVersion(file: string, args: string[], version: RegExp, env: NodeJS.ProcessEnv) {
  const answer = await runProcess({ file, args, env, deadlineMs: VERSION_DEADLINE_MS }).catch(
    () => undefined, // not started: wrong format or architecture
  )
  if (answer?.ended !== 'exited' || answer.exitCode !== 0) return undefined
  return version.exec(answer.stdout)?.[1]
}
