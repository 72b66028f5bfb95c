// P9: how long `vsr serve` takes until it listens, over a library of 100 recordings and 1e6 rows.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { systemClock } from '../../src-main/ports/clock'
import { silentLogger } from '../../src-main/ports/logger'
import { openLibrary } from '../../src-main/store/library'
import { encodeRow } from '../../src-main/store/segment-row'
import { sampleMeta, sampleTrack, segmentRow } from '../support/fault-store-samples'
import { median } from './support/measure'
import { corpusDir, report } from './support/report'

const ROUNDS = 7
const RECORDINGS = 100
const ROWS = 10_000
const BAR_MS = 600

async function makeLibrary(): Promise<string> {
  const dir = path.join(corpusDir, 'library')
  if (existsSync(dir)) return dir
  const root = `${dir}.unfinished`
  rmSync(root, { recursive: true, force: true })
  mkdirSync(root, { recursive: true })
  const rows = Array.from({ length: ROWS }, (_, index) => encodeRow(segmentRow(index))).join('')
  const library = await openLibrary({
    root,
    mode: 'write',
    clock: systemClock,
    logger: silentLogger,
  })
  for (let count = 0; count < RECORDINGS; count += 1) {
    const recording = await library.create({ ...sampleMeta, state: 'stopped' })
    await recording.addTrack(sampleTrack)
    const folder = path.join(root, 'recordings', recording.id, sampleTrack.id)
    writeFileSync(path.join(folder, 'segments.ndjson'), rows)
  }
  await library.close()
  renameSync(root, dir)
  return dir
}

/** Milliseconds until the program says that it listens; it is ended then, which is not measured. */
async function startMs(args: readonly string[]): Promise<number> {
  const beganMs = performance.now()
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const closed = once(child, 'close')
  let said = ''
  for await (const chunk of child.stdout) {
    said += String(chunk)
    if (!said.includes('listening')) continue
    const tookMs = performance.now() - beganMs
    child.kill('SIGTERM')
    await closed
    return tookMs
  }
  throw new Error(`${args.join(' ')} ended before it listened`)
}

const library = await makeLibrary()
const serve = ['build/vsr.mjs', 'serve', '--json', '--port', '0', '--library', library]
const bare = [
  '-e',
  "require('node:http').createServer().listen(0, '127.0.0.1', () => console.log('listening'))",
]
const withoutCatalogue: number[] = []
const withCatalogue: number[] = []
const peers: number[] = []
for (let round = 0; round < ROUNDS; round += 1) {
  rmSync(path.join(library, 'library.json'), { force: true })
  withoutCatalogue.push(await startMs(serve))
  withCatalogue.push(await startMs(serve))
  peers.push(await startMs(bare))
}
const peer = { name: 'bare Node server', value: median(peers) }
report({
  row: 'P9',
  title: 'start of `vsr serve`',
  method: `Wall time from starting the process until it listens, over a library of ${RECORDINGS} recordings with ${ROWS} rows each. Without a catalogue, as after a crash, every log is read.`,
  measurements: [
    {
      work: 'with its catalogue',
      unit: 'ms',
      vsr: median(withCatalogue),
      peer,
      bar: { text: `<= ${BAR_MS} ms`, limit: BAR_MS },
    },
    { work: 'without a catalogue', unit: 'ms', vsr: median(withoutCatalogue), peer },
  ],
})
