import { describe, expect, it } from 'vitest'
import { isRunning } from '../support/processes'
import { createScriptProject, type ScriptProject } from '../support/tools-project'

interface Reports {
  readonly [project: string]: {
    readonly passed?: number
    readonly failed?: number
    readonly brokenFiles?: number
    readonly exitCode?: number
    /** JavaScript to run before the report. */
    readonly before?: string
  }
}

/** A project whose checks pass and whose vitest reports what the test wants. */
async function projectWith(reports: Reports): Promise<ScriptProject> {
  const project = createScriptProject()
  for (const name of ['ffmpeg', 'ffprobe', 'yt-dlp']) project.addProgram(name)
  await project.run('bootstrap')
  project.write('build/check.mjs', `console.log('check: 5 passed, 0 failed')`)
  const reporting = (name: string) => {
    const {
      passed = 0,
      failed = 0,
      brokenFiles = 0,
      exitCode = 0,
      before = '',
    } = reports[name] ?? { passed: 1 }
    const broken = Array.from({ length: brokenFiles }, () => ({
      name: 'a.test.ts',
      status: 'failed',
      assertionResults: [],
    }))
    const report = {
      numPassedTests: passed,
      numFailedTests: failed,
      numPendingTests: 0,
      testResults: broken,
    }
    return `if (args.includes('${name}')) { ${before}
fs.writeFileSync(file, ${JSON.stringify(JSON.stringify(report))}); process.exitCode = ${exitCode} }`
  }
  project.write(
    'node_modules/vitest/vitest.mjs',
    `import fs from 'node:fs'
const args = process.argv
const file = args.find((arg) => arg.startsWith('--outputFile.json=')).slice(18)
${['unit', 'contract', 'integration', 'e2e'].map(reporting).join('\n')}`,
  )
  return project
}
const lastLine = (text: string) => text.trimEnd().split('\n').at(-1)

describe('test runner', () => {
  it('adds up all suites and ends with the sum', async () => {
    const project = await projectWith({ unit: { passed: 40 }, e2e: { passed: 3 } })
    const run = await project.run('test')
    expect(lastLine(run.stdout)).toBe('51 passed, 0 failed')
    expect(run.code).toBe(0)
    expect(run.stdout).toMatch(/^unit +40 +0 +0 +\d/m)
  })

  it('fails when a test failed', async () => {
    const project = await projectWith({ contract: { passed: 2, failed: 1, exitCode: 1 } })
    const run = await project.run('test', { args: ['unit', 'contract'] })
    expect([run.code, lastLine(run.stdout)]).toEqual([1, '3 passed, 1 failed'])
  })

  it('fails when a suite ran no test, even though its runner was content', async () => {
    const project = await projectWith({ integration: { passed: 0 } })
    const run = await project.run('test')
    expect([run.code, lastLine(run.stdout)]).toEqual([1, '9 passed, 1 failed'])
    expect(run.stdout).toContain('integration: ran no test')
  })

  it('fails on files that could not be loaded and on errors outside of tests', async () => {
    const project = await projectWith({
      unit: { passed: 2, brokenFiles: 1, exitCode: 1 },
      contract: { passed: 2, exitCode: 1 },
    })
    const run = await project.run('test', { args: ['unit', 'contract'] })
    expect([run.code, lastLine(run.stdout)]).toEqual([1, '4 passed, 2 failed'])
    expect(run.stdout).toContain('unit: a.test.ts could not be run')
    expect(run.stdout).toContain('contract: errors outside of tests (exit code 1)')
  })

  it('fails when a suite ends without a report', async () => {
    const project = await projectWith({ unit: { before: 'process.exit(139)' } })
    const run = await project.run('test', { args: ['unit'] })
    expect([run.code, lastLine(run.stdout)]).toEqual([1, '0 passed, 1 failed'])
    expect(run.stdout).toContain('unit: ended without a report (exit code 139)')
  })

  it('fails when a check fails, and when the build does', async () => {
    const project = await projectWith({})
    project.write(
      'build/check.mjs',
      `console.log('check: 4 passed, 1 failed'); process.exitCode = 1`,
    )
    project.write('node_modules/electron-vite/bin/electron-vite.js', 'process.exit(1)')
    const run = await project.run('test', { args: ['check', 'build'] })
    expect([run.code, lastLine(run.stdout)]).toEqual([1, '4 passed, 2 failed'])
  })

  it('F48 ends what a suite left running', async () => {
    const project = await projectWith({
      unit: {
        passed: 1,
        before: `const child = (await import('node:child_process')).spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' })
child.unref(); fs.writeFileSync('left.pid', String(child.pid))`,
      },
    })
    const run = await project.run('test', { args: ['unit'] })
    expect(run.stdout).toContain('Note: unit left processes running; they have been ended.')
    expect(isRunning(Number(project.read('left.pid')))).toBe(false)
    expect(lastLine(run.stdout)).toBe('1 passed, 0 failed')
  })

  it('passes file filters on to the suites', async () => {
    const project = await projectWith({
      unit: { passed: 1, before: `fs.writeFileSync('filters', args.at(-1))` },
    })
    await project.run('test', { args: ['unit', 'store'] })
    expect(project.read('filters')).toBe('store')
  })
})
