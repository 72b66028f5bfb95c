import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { runProcess } from './processes'
import { tempDirForTest } from './temp-dir'

const root = path.resolve(import.meta.dirname, '../..')

export interface ScriptProject {
  /** Root of a small project with the real `build/` scripts and nothing real around them. */
  readonly dir: string
  /** The one folder on the project's PATH. */
  readonly binDir: string
  /** Lines that the stand-ins wrote: which of them ran, with what arguments. */
  calls(): string[]
  /** Puts a program of this name on the project's PATH. `source` is CommonJS; `call(…)` logs. */
  addProgram(name: string, source?: string): void
  removeCalls(): void
  write(file: string, text: string): void
  read(file: string): string
  /** Runs one of the build scripts with nothing but the project's own PATH. */
  run(
    script: 'bootstrap' | 'start' | 'test' | 'vsr',
    options?: {
      readonly args?: readonly string[]
      readonly env?: Readonly<Record<string, string | undefined>>
    },
  ): ReturnType<typeof runProcess>
}

/** A project for tests of the set-up scripts themselves: npm, the bundler and every tool are stand-ins. */
export function createScriptProject(): ScriptProject {
  const home = tempDirForTest()
  const dir = path.join(home, 'project')
  const bin = path.join(home, 'bin')
  const callsFile = path.join(home, 'calls.log')
  mkdirSync(bin)
  cpSync(path.join(root, 'build'), path.join(dir, 'build'), { recursive: true })

  const write = (file: string, text: string) => {
    mkdirSync(path.dirname(path.join(dir, file)), { recursive: true })
    writeFileSync(path.join(dir, file), text)
  }
  const helpers = `const fs = require('node:fs'); const path = require('node:path')
const project = ${JSON.stringify(dir)}; const bin = ${JSON.stringify(bin)}
const call = (...words) => fs.appendFileSync(${JSON.stringify(callsFile)}, words.join(' ') + '\\n')
const put = (file, text) => { fs.mkdirSync(path.dirname(path.join(project, file)), { recursive: true }); fs.writeFileSync(path.join(project, file), text) }
const args = process.argv.slice(2)
`
  const addProgram = (name: string, source = '') => {
    const file = path.join(bin, name)
    writeFileSync(file, `#!${process.execPath}\n${helpers}\n${source}\n`)
    chmodSync(file, 0o755)
  }
  const bundler = `${helpers}call('electron-vite', ...args)
for (const file of ['main/index.js', 'main/headless.js', 'preload/index.cjs', 'renderer/index.html']) put('out/' + file, '')`

  write('package.json', '{"type":"module"}')
  const lock = { packages: { '': {}, 'node_modules/thing': { version: '1.0.0' } } }
  write('package-lock.json', JSON.stringify(lock))
  for (const file of ['electron.vite.config.ts', 'tsconfig.base.json']) write(file, '')
  for (const folder of ['src-main', 'src-preload', 'src-renderer']) write(`${folder}/a.ts`, '')
  addProgram(
    'npm',
    `call('npm', ...args); put('node_modules/electron-vite/package.json', '{}')
put('node_modules/electron-vite/bin/electron-vite.js', ${JSON.stringify(bundler)})`,
  )
  return {
    dir,
    binDir: bin,
    calls: () =>
      existsSync(callsFile) ? readFileSync(callsFile, 'utf8').split('\n').filter(Boolean) : [],
    removeCalls: () => writeFileSync(callsFile, ''),
    addProgram,
    write,
    read: (file) => readFileSync(path.join(dir, file), 'utf8'),
    run: (script, { args = [], env = {} } = {}) =>
      runProcess({
        command: process.execPath,
        args: [path.join(dir, `build/${script}.mjs`), ...args],
        cwd: dir,
        env: { PATH: bin, HOME: home, ...env },
        deadlineMs: 30_000,
      }),
  }
}
