import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir } from 'node:fs/promises'
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { systemClock } from '../../src-main/ports/clock'
import { silentLogger } from '../../src-main/ports/logger'
import { demoArgs } from '../../src-main/preprocess/demo-ffmpeg'
import { createDemoSource, type DemoSource } from '../../src-main/preprocess/demo-source'
import { createTools } from '../../src-main/preprocess/tools'
import { runProcess, words } from '../support/processes'
import { tempDirForTest } from '../support/temp-dir'
import { toolPath } from '../support/tools'

const never = new AbortController().signal

let demo: DemoSource | undefined
afterEach(async () => demo?.close())

const createDemo = (env: NodeJS.ProcessEnv = process.env) => {
  demo = createDemoSource({ tools: createTools({ env }), clock: systemClock, logger: silentLogger })
  return demo
}

describe('the demo source', () => {
  it('is a live stream with picture, tone and true wall-clock times, and leaves nothing behind', async () => {
    const temp = tempDirForTest()
    vi.stubEnv('TMPDIR', temp)
    onTestFinished(() => {
      vi.unstubAllEnvs()
    })
    const source = createDemo()
    const [url, again] = await Promise.all([source.url(never), source.url(never)])
    expect(again).toBe(url)
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/stream\.m3u8$/)

    const playlist = await (await fetch(url)).text()
    expect(playlist).toContain('#EXTM3U')
    expect(playlist).not.toContain('#EXT-X-ENDLIST')
    const stamp = /#EXT-X-PROGRAM-DATE-TIME:(\S+)/.exec(playlist)?.[1] ?? ''
    // The clock of the wall, and not that of another zone or of the stream.
    expect(Math.abs(Date.parse(stamp) - Date.now())).toBeLessThan(60_000)

    const { stdout } = await runProcess({
      command: toolPath('ffprobe'),
      args: [
        ...words('-v error -show_entries stream=codec_name,width,height,avg_frame_rate'),
        ...words('-of json'),
        url,
      ],
    })
    expect(JSON.parse(stdout).streams).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ codec_name: 'h264', width: 640, avg_frame_rate: '25/1' }),
        expect.objectContaining({ codec_name: 'aac' }),
      ]),
    )

    await source.close()
    await expect(fetch(url)).rejects.toThrow()
    expect(await readdir(temp)).toEqual([])
  })

  it('serves its own files only', async () => {
    const url = new URL(await createDemo().url(never))
    for (const name of ['/', '/etc/passwd', '/..%2f..%2fetc%2fpasswd', '/segment-0.ts.tmp']) {
      const response = await fetch(new URL(name, url))
      expect(response.status, name).toBe(404)
      await response.arrayBuffer()
    }
  })

  it('F46 says what to install where ffmpeg is missing', async () => {
    await expect(createDemo({ PATH: '' }).url(never)).rejects.toMatchObject({
      code: 'ffmpeg_missing',
      hint: expect.stringContaining('ffmpeg'),
    })
  })

  it('F48 the encoder ends when whoever started it is killed', async () => {
    const folder = tempDirForTest()
    const parent = spawn(
      process.execPath,
      [
        '-e',
        `const child = require('node:child_process').spawn('ffmpeg', JSON.parse(process.argv[1]),
           { stdio: ['ignore', 'pipe', 'ignore'], detached: true })
         child.stdout.once('data', () => console.log(child.pid))
         child.stdout.resume()`,
        JSON.stringify(demoArgs({ folder, withClock: false })),
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    )
    const [line] = (await once(parent.stdout, 'data')) as [Buffer]
    const encoder = Number(line.toString())
    expect(await isRunning(encoder)).toBe(true)
    parent.kill('SIGKILL')
    await once(parent, 'close')
    await expect.poll(() => isRunning(encoder), { timeout: 20_000 }).toBe(false)
  })

  it('goes on behind a discontinuity when its encoder dies', async () => {
    const url = await createDemo().url(never)
    const read = async () => (await fetch(url)).text()
    const numbers = (text: string) =>
      [...text.matchAll(/segment-(\d+)\.ts/g)].map((match) => Number(match[1]))
    const before = Math.max(...numbers(await read()))
    for (const pid of await childrenNamed('ffmpeg')) process.kill(pid, 'SIGKILL')
    await expect
      .poll(async () => Math.max(...numbers(await read())), { timeout: 30_000 })
      .toBeGreaterThan(before + 1)
    const after = await read()
    expect(after).toContain('#EXT-X-DISCONTINUITY\n')
    expect(numbers(after)).toEqual(numbers(after).toSorted((a, b) => a - b))
    expect(after).not.toContain('#EXT-X-ENDLIST')
  })
})

/** A process that has ended, but that nobody has asked how, does not run. */
async function isRunning(pid: number): Promise<boolean> {
  const { stdout } = await runProcess({
    command: 'ps',
    args: [...words('-o stat= -p'), String(pid)],
  })
  return /^[^Z]/.test(stdout.trim())
}

async function childrenNamed(name: string): Promise<number[]> {
  const { stdout } = await runProcess({
    command: 'ps',
    args: [...words('-o pid=,comm= --ppid'), String(process.pid)],
  })
  return stdout
    .split('\n')
    .filter((line) => line.trim().endsWith(` ${name}`))
    .map((line) => Number.parseInt(line, 10))
}
