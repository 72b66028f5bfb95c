import { existsSync } from 'node:fs'
import { readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { runProcess } from '../../src-main/ports/run-process'
import { createTools } from '../../src-main/preprocess/tools'
import { tempDirForTest } from '../support/temp-dir'

const sh = (script: string) => ({ file: '/bin/sh', args: ['-c', script], deadlineMs: 20_000 })

async function script(dir: string, name: string, body: string): Promise<string> {
  const file = path.join(dir, name)
  await writeFile(file, `#!/bin/sh\n${body}\n`, { mode: 0o755 })
  return file
}

/** Empty where it is gone; `Z` where it has ended and nobody has asked how. */
async function processState(pid: number): Promise<string> {
  const asked = await runProcess({ ...sh(`ps -o stat= -p ${pid}`) })
  return asked.stdout.trim().slice(0, 1)
}

describe('createTools', () => {
  it('finds a program that is installed while VSR runs, and keeps it', async () => {
    const dir = tempDirForTest()
    const tools = createTools({ env: { PATH: dir } })
    expect(await tools.ffmpeg()).toBeUndefined()
    const file = await script(dir, 'ffmpeg', 'echo "ffmpeg version 9.1-x Copyright"')
    expect(await tools.ffmpeg()).toEqual({ path: file, version: '9.1-x' })
    await rm(file)
    expect(await tools.ffmpeg()).toEqual({ path: file, version: '9.1-x' })
  })

  it('prefers the configured path, and looks nowhere else when that one is wrong', async () => {
    const dir = tempDirForTest()
    const other = tempDirForTest()
    await script(dir, 'yt-dlp', 'echo 2025.01.26')
    const own = await script(other, 'mine', 'echo 2026.02.02')
    const found = createTools({ env: { PATH: dir, VSR_YTDLP: own } })
    expect(await found.ytdlp()).toEqual({ path: own, version: '2026.02.02' })
    const wrong = createTools({ env: { PATH: dir, VSR_YTDLP: path.join(other, 'none') } })
    expect(await wrong.ytdlp()).toBeUndefined()
  })

  it('says where ffprobe is without running it', async () => {
    const dir = tempDirForTest()
    const file = await script(dir, 'ffprobe', 'echo run >> "$0.log"')
    expect(await createTools({ env: { PATH: dir } }).ffprobePath()).toBe(file)
    expect(existsSync(`${file}.log`)).toBe(false)
    expect(await createTools({ env: { PATH: '' } }).ffprobePath()).toBeUndefined()
  })

  it('F26 passes by what is broken, prints junk or is something else', async () => {
    const dirs = [tempDirForTest(), tempDirForTest(), tempDirForTest(), tempDirForTest()]
    const [junk = '', fails = '', notAProgram = '', good = ''] = dirs
    await script(junk, 'ffprobe', 'echo hello')
    await script(fails, 'ffprobe', 'echo "ffprobe version 1"; exit 3')
    await writeFile(path.join(notAProgram, 'ffprobe'), '\u0000\u0001', { mode: 0o755 })
    const file = await script(good, 'ffprobe', 'echo "ffprobe version 6.1"')
    const tools = createTools({ env: { PATH: dirs.join(path.delimiter) } })
    expect(await tools.ffprobe()).toEqual({ path: file, version: '6.1' })
  })
})

describe('runProcess', () => {
  it('S20 hands arguments over as they are', async () => {
    const args = ['$(touch x)', '; rm -rf .', `'"\\`, '--exec=x', '']
    const run = await runProcess({
      file: process.execPath,
      args: ['-e', 'console.log(JSON.stringify(process.argv.slice(1)))', '--', ...args],
      deadlineMs: 20_000,
    })
    expect(JSON.parse(run.stdout)).toEqual(args)
  })

  it('captures both outputs and the exit code', async () => {
    const run = await runProcess(sh('echo out; echo err >&2; exit 4'))
    expect(run).toEqual({ exitCode: 4, stdout: 'out\n', stderr: 'err\n', ended: 'exited' })
  })

  it('feeds standard input, and does not mind a program that reads only some of it', async () => {
    async function* chunks() {
      for (let number = 0; number < 100; number += 1) yield Buffer.alloc(65_536, 'x')
    }
    const all = await runProcess({ ...sh('wc -c'), stdin: chunks() })
    expect(Number(all.stdout)).toBe(6_553_600)
    const some = await runProcess({ ...sh('head -c 5'), stdin: chunks() })
    expect(some).toMatchObject({ stdout: 'xxxxx', exitCode: 0 })
  })

  it('rejects when its input fails, and ends the program', async () => {
    // oxlint-disable-next-line require-yield -- fails before the first chunk
    async function* broken(): AsyncGenerator<Uint8Array> {
      throw new Error('unreadable')
    }
    await expect(runProcess({ ...sh('cat'), stdin: broken() })).rejects.toThrow('unreadable')
  })

  it('F47 F48 ends a program that ignores TERM together with its children', async () => {
    const dir = tempDirForTest()
    const pids = path.join(dir, 'pids')
    const run = await runProcess({
      ...sh(`trap "" TERM; (trap "" TERM; sleep 60) & echo $! $$ > ${pids}; wait; sleep 60`),
      // Long enough for the program to say who it is.
      deadlineMs: 2000,
    })
    expect(run).toMatchObject({ ended: 'deadline', exitCode: null })
    for (const pid of (await readFile(pids, 'utf8')).trim().split(' ').map(Number)) {
      expect(await processState(pid)).toMatch(/^Z?$/)
    }
  })

  it('bounds what is kept of the output', async () => {
    const run = await runProcess({ ...sh('yes'), maxStdoutBytes: 100_000 })
    expect(run.ended).toBe('overflow')
    expect(run.stdout.length).toBeLessThanOrEqual(100_000)
  })

  it('does not start what is not wanted any more, and says when there is no such program', async () => {
    const run = await runProcess({ ...sh('echo x'), signal: AbortSignal.abort() })
    expect(run.ended).toBe('aborted')
    await expect(runProcess({ ...sh(''), file: '/no/such/program' })).rejects.toMatchObject({
      code: 'ENOENT',
    })
  })
})
