import { describe, expect, it } from 'vitest'
import { createScriptProject, type ScriptProject } from '../support/tools-project'

/** A project whose headless server only tells how it was called. */
const withServer = (): ScriptProject => {
  const project = createScriptProject()
  project.write(
    'out/main/headless.js',
    `export const main = async (argv) => { console.log(JSON.stringify(argv)); return 7 }`,
  )
  return project
}
const withInstaller = (source: string): ScriptProject => {
  const project = withServer()
  project.write('node_modules/electron/package.json', '{"version":"45.4.1"}')
  // The electron package is CommonJS; so is everything below its package.json.
  project.write('node_modules/electron/install.js', source)
  return project
}
const display = { DISPLAY: ':99' }
const sentence = (reason: string) =>
  `The desktop window is not available: ${reason}. The same interface opens in the browser:`

describe.runIf(process.platform === 'linux')('start', () => {
  it('without a display it serves the same interface and says the true reason', async () => {
    const project = withServer()
    const run = await project.run('start', { args: ['--port', '9000'] })
    expect(run.stderr).toBe(`${sentence('this machine has no display')}\n`)
    expect(JSON.parse(run.stdout)).toEqual(['serve', '--open', '--port', '9000'])
    expect(run.code).toBe(7)
  })

  it('a refused download is the reason, remembered for the next start', async () => {
    const project = withInstaller(
      `require('node:fs').appendFileSync(__dirname + '/tries', 'x')
console.error('HTTPError: Response code 403 (Forbidden) for https://example.invalid/\\n  at x.js'); process.exit(1)`,
    )
    const refused = 'the download of its runtime was refused (HTTP 403)'
    const first = await project.run('start', { env: display })
    expect(first.stderr.split('\n').slice(1)).toEqual([sentence(refused), ''])
    const second = await project.run('start', { env: display })
    expect(second.stderr).toBe(`${sentence(`${refused} (VSR_RETRY_ELECTRON=1 tries again)`)}\n`)
    const forced = await project.run('start', { env: { ...display, VSR_RETRY_ELECTRON: '1' } })
    expect(forced.stderr).toContain('Downloading the desktop runtime')
  })

  it('a network failure and a download that hangs are told apart', async () => {
    const failing = withInstaller(
      `console.error('Error: getaddrinfo ENOTFOUND github.com'); process.exit(1)`,
    )
    expect((await failing.run('start', { env: display })).stderr).toContain(
      sentence('the download of its runtime failed (ENOTFOUND)'),
    )
    const silent = withInstaller(
      `console.error('TypeError: fetch failed\\n    at node:internal/x'); process.exit(1)`,
    )
    expect((await silent.run('start', { env: display })).stderr).toContain(
      sentence('the download of its runtime failed (its server cannot be reached)'),
    )
    const hanging = withInstaller('setInterval(() => {}, 1000)')
    const run = await hanging.run('start', { env: { ...display, VSR_ELECTRON_DEADLINE_MS: '200' } })
    expect(run.stderr).toContain(sentence('the download of its runtime did not finish in time'))
  })

  it('with a runtime it opens the desktop application and ends with its exit code', async () => {
    const project = withServer()
    project.addProgram(
      'electron',
      `call(...args.filter((arg) => arg !== '--no-sandbox')); process.exit(4)`,
    )
    const env = { ...display, ELECTRON_PATH: `${project.binDir}/electron` }
    const run = await project.run('start', { args: ['--hidden'], env })
    expect([run.code, run.stdout, run.stderr]).toEqual([4, '', ''])
    expect(project.calls()).toEqual([`${project.dir} --hidden`])
  })

  it('uses what the installer installed', async () => {
    const project = withInstaller(
      `const fs = require('node:fs'); fs.mkdirSync(__dirname + '/dist'); fs.writeFileSync(__dirname + '/path.txt', 'electron')
fs.writeFileSync(__dirname + '/dist/electron', '#!${process.execPath}\\nconsole.log("window")', { mode: 0o755 })`,
    )
    expect((await project.run('start', { env: display })).stdout).toBe('window\n')
    const again = await project.run('start', { env: display })
    expect([again.stdout, again.stderr]).toEqual(['window\n', ''])
  })

  it('a runtime that cannot run here is a reason too', async () => {
    const project = withServer()
    project.addProgram(
      'electron',
      `console.error('electron: error while loading shared libraries: libnss3.so: cannot open'); process.exit(127)`,
    )
    const run = await project.run('start', {
      env: { ...display, ELECTRON_PATH: `${project.binDir}/electron` },
    })
    expect(run.stderr).toContain(sentence('the system library libnss3.so is missing'))
    expect(run.stdout).toContain('serve')
  })

  it('the command line passes its arguments and exit code on, and never shows a stack trace', async () => {
    const project = withServer()
    const ok = await project.run('vsr', { args: ['list', '--json'] })
    expect([ok.code, ok.stdout, ok.stderr]).toEqual([7, '["list","--json"]\n', ''])

    project.write(
      'out/main/headless.js',
      `export const main = async () => { throw new Error('odd') }`,
    )
    const broken = await project.run('vsr')
    expect([broken.code, broken.stdout, broken.stderr]).toEqual([
      1,
      '',
      'Something unexpected went wrong: odd\nSet VSR_DEBUG=1 for details.\n',
    ])
    project.write(
      'out/main/headless.js',
      `export const main = () => new Promise(() => setTimeout(() => { throw new Error('later') }, 1))`,
    )
    const later = await project.run('vsr')
    expect([later.code, later.stderr.split('\n')[0]]).toEqual([
      1,
      'Something unexpected went wrong: later',
    ])
    const debug = await project.run('vsr', { env: { VSR_DEBUG: '1' } })
    expect(debug.stderr).toContain(' at ')
  })

  it('a project that was never built says so', async () => {
    const run = await createScriptProject().run('vsr', { args: ['list'] })
    expect([run.code, run.stderr]).toEqual([
      1,
      'VSR is not built yet: start it with "npm start" or "npm run vsr".\n',
    ])
  })
})
