import { existsSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { createScriptProject } from '../support/tools-project'

const withTools = () => {
  const project = createScriptProject()
  for (const name of ['ffmpeg', 'ffprobe', 'yt-dlp', 'chromium', 'nginx']) project.addProgram(name)
  return project
}

const npmCall = 'npm ci --ignore-scripts --loglevel=error --no-audit --no-fund --include=dev'

describe('bootstrap', () => {
  it('installs packages and builds once; the second run does nothing', async () => {
    const project = withTools()
    const first = await project.run('bootstrap')
    expect(first.code).toBe(0)
    expect(first.stdout).toBe('')
    expect(project.calls()).toEqual([npmCall, 'electron-vite build'])

    project.removeCalls()
    const second = await project.run('bootstrap')
    expect([second.code, second.stdout, second.stderr]).toEqual([0, '', ''])
    expect(project.calls()).toEqual([])
  })

  it('installs again when the lock file changed, builds again when a source changed', async () => {
    const project = withTools()
    await project.run('bootstrap')
    project.removeCalls()
    project.write('src-renderer/deep/new.tsx', 'changed')
    await project.run('bootstrap')
    expect(project.calls()).toEqual(['electron-vite build'])

    project.removeCalls()
    project.write(
      'package-lock.json',
      '{"packages":{"":{},"node_modules/other":{"version":"2.0.0"}}}',
    )
    await project.run('bootstrap')
    expect(project.calls()).toEqual([npmCall, 'electron-vite build'])
  })

  it('takes over what a person installed with npm, when it is what the lock file asks for', async () => {
    const project = withTools()
    const installed = (version: string) =>
      JSON.stringify({ packages: { 'node_modules/thing': { version } } })
    project.write('node_modules/.package-lock.json', installed('1.0.0'))
    await project.run('bootstrap', { args: ['--tests'] })
    expect(project.calls()).toEqual([])

    const other = withTools()
    other.write('node_modules/.package-lock.json', installed('1.0.1'))
    await other.run('bootstrap', { args: ['--tests'] })
    expect(other.calls()).toEqual([npmCall])
  })

  it('leaves the build to the tests when it runs for them', async () => {
    const project = withTools()
    const run = await project.run('bootstrap', { args: ['--tests'] })
    expect([run.code, project.calls()]).toEqual([0, [npmCall]])
  })

  it('two at once do the work once', async () => {
    const project = withTools()
    const runs = await Promise.all([project.run('bootstrap'), project.run('bootstrap')])
    expect(runs.map((run) => run.code)).toEqual([0, 0])
    expect(project.calls()).toEqual([npmCall, 'electron-vite build'])
    expect(existsSync(path.join(project.dir, '.cache/setup.lock'))).toBe(false)
  })

  it('takes over the lock of one that was killed', async () => {
    const project = withTools()
    // No process has this number: Linux and macOS stop well below.
    project.write('.cache/setup.lock/owner', '99999999')
    expect((await project.run('bootstrap')).code).toBe(0)
    expect(project.calls()).toContain(npmCall)
  })

  it('says one sentence when the registry is out of reach', async () => {
    const project = withTools()
    project.addProgram(
      'npm',
      `console.error('npm error code ENOTFOUND\\nnpm error stack'); process.exit(1)`,
    )
    const run = await project.run('bootstrap')
    expect(run.code).toBe(1)
    expect(run.stdout).toBe('')
    expect(run.stderr.split('\n').slice(1)).toEqual([
      'The packages could not be downloaded (ENOTFOUND): check the internet connection or the npm registry setting, then start again.',
      '',
    ])
  })

  it('shows why a build failed, without a stack trace', async () => {
    const project = withTools()
    await project.run('bootstrap')
    project.write(
      'node_modules/electron-vite/bin/electron-vite.js',
      `console.error('no such file: x.ts\\n    at inner (y.js:1:2)'); process.exit(3)`,
    )
    project.write('src-main/a.ts', 'changed')
    const run = await project.run('bootstrap')
    expect(run.code).toBe(1)
    expect(run.stderr).toContain('The build failed (exit code 3):\nno such file: x.ts\n')
    expect(run.stderr).not.toContain(' at inner')
  })

  it('F46 where it may not install, it prints the one command to type and goes on', async () => {
    const project = withTools()
    const run = await project.run('bootstrap', {
      env: { VSR_FFMPEG: '/nowhere/ffmpeg', VSR_YTDLP: '/nowhere/yt-dlp' },
    })
    expect(run.code).toBe(0)
    expect(run.stderr).toContain('ffmpeg was not found (exports and the demo stream need it).')
    expect(run.stderr).toMatch(
      /Recording works without. To install what is missing, type:\n {2}.* install .*\bffmpeg\b.*\byt-dlp\b/i,
    )
    expect(project.calls()).toContain('electron-vite build')
  })

  it('tests do not start without their tools', async () => {
    const project = withTools()
    const run = await project.run('bootstrap', {
      args: ['--tests'],
      env: { VSR_CHROMIUM: '/nowhere/chromium' },
    })
    expect(run.code).toBe(1)
    expect(run.stderr).toMatch(/^The tests need chromium. To install what is missing, type:\n {2}/)
    expect(project.calls()).toEqual([])
  })

  it.runIf(
    process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/etc/debian_version'),
  )('as root on Debian it installs missing tools with apt-get, once', async () => {
    const project = createScriptProject()
    project.addProgram('apt-get')
    project.addProgram(
      'sh',
      `call('sh', ...args.slice(2)); for (const name of ['ffmpeg', 'ffprobe', 'yt-dlp']) {
fs.writeFileSync(path.join(bin, name), ''); fs.chmodSync(path.join(bin, name), 0o755) }`,
    )
    expect((await project.run('bootstrap')).code).toBe(0)
    expect((await project.run('bootstrap')).stderr).toBe('')
    expect(project.calls()).toEqual(['sh apt ffmpeg yt-dlp', npmCall, 'electron-vite build'])
  })

  it.runIf(
    process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/etc/debian_version'),
  )('an installation that was refused is not tried again at each start', async () => {
    const project = createScriptProject()
    project.addProgram('apt-get')
    project.addProgram(
      'sh',
      `call('sh'); console.error('E: Unable to locate package'); process.exit(100)`,
    )
    const first = await project.run('bootstrap')
    expect(first.code).toBe(0)
    expect(first.stderr).toContain('apt-get could not install them: Unable to locate package')
    const second = await project.run('bootstrap')
    expect(second.stderr).toContain('sudo apt-get install -y ffmpeg yt-dlp')
    expect(project.calls().filter((line) => line === 'sh')).toHaveLength(1)
  })
})
