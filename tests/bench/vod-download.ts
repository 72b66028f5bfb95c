// P2: download of a VOD stream of 450 segments and 900 MB over loopback, against ffmpeg and streamlink.
import { mkdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import { findTool } from '../../build/setup/find-tool.mjs'
import { runProcess, words } from '../support/processes'
import { toolPath } from '../support/tools'
import { startBenchOrigin } from './support/bench-origin'
import { benchOptions } from './support/bench-options'
import { median } from './support/measure'
import { endedChildrenSec, peakRssBytes, treeCpuSec } from './support/process-usage'
import { corpusDir, type Measurement, report } from './support/report'
import { segmentCorpus } from './support/segment-corpus'
import { startVsrServer } from './support/vsr-server'

const MB = 1_000_000
const GB = 1e9
const DEADLINE_MS = 120_000
/** Downloads of VSR at once; the peers take one segment after the other. */
const PARALLEL = 8

const options = benchOptions()
const rounds = options.number('rounds', { full: 5, quick: 1 })
const corpus = await segmentCorpus()
const work = path.join(corpusDir, 'vod-download.work')
rmSync(work, { recursive: true, force: true })
mkdirSync(work, { recursive: true })
const origin = await startBenchOrigin({ dir: corpus.dir, segmentsDir: corpus.dir, work })
const url = `${origin.url}index.m3u8`

interface Figures {
  readonly wallSec: number
  readonly cpuSec: number
  readonly peakRssBytes: number
  readonly bytes: number
}

/** The server runs already, as it does when somebody asks it for something: from the request to the stored end. */
async function downloadWithVsr(): Promise<Figures> {
  const dir = path.join(work, 'vsr')
  let ended = (): void => {}
  const end = new Promise<void>((resolve) => {
    ended = resolve
  })
  const server = await startVsrServer({
    work: dir,
    onEvent: (event) => {
      if (event.type === 'recording.updated' && event.recording.state === 'stopped') ended()
    },
  })
  try {
    await server.call('settings.set', { parallelDownloads: PARALLEL })
    const before = treeCpuSec([server.pid])
    const beganMs = performance.now()
    const { id } = await server.call('recordings.start', { url })
    await end
    const wallSec = (performance.now() - beganMs) / 1000
    const cpuSec = treeCpuSec([server.pid]) - before
    const { segments, gaps, bytes } = await server.call('recordings.get', { id })
    if (segments !== corpus.segments.length || gaps > 0) {
      throw new Error(`${segments} of ${corpus.segments.length} segments stored, ${gaps} gaps`)
    }
    return { wallSec, cpuSec, peakRssBytes: peakRssBytes(server.pid), bytes }
  } finally {
    await server.stop()
    rmSync(dir, { recursive: true, force: true })
  }
}

async function downloadWith(command: string, args: readonly string[]): Promise<Figures> {
  const before = endedChildrenSec()
  const beganMs = performance.now()
  const run = await runProcess({ command, args, deadlineMs: DEADLINE_MS })
  const wallSec = (performance.now() - beganMs) / 1000
  if (run.code !== 0) throw new Error(`${command}: ${run.stderr}${run.stdout}`)
  const cpuSec = endedChildrenSec() - before
  return { wallSec, cpuSec, peakRssBytes: Number.NaN, bytes: Number.NaN }
}

const target = path.join(work, 'peer.ts')
const ffmpeg = () =>
  downloadWith(toolPath('ffmpeg'), [
    ...words('-nostdin -hide_banner -loglevel error -y -i'),
    url,
    ...words('-c copy -f mpegts'),
    target,
  ])
const streamlinkPath = findTool({ name: 'streamlink' })
if (streamlinkPath === undefined) console.error('streamlink is not installed: going on without it')
const streamlink = (program: string) => () =>
  downloadWith(program, [...words('--quiet --force --output'), target, `hls://${url}`, 'best'])

const candidates: readonly (readonly [string, () => Promise<Figures>])[] = [
  ['vsr', downloadWithVsr],
  ['ffmpeg', ffmpeg],
  ...(streamlinkPath === undefined ? [] : [['streamlink', streamlink(streamlinkPath)] as const]),
]
const runs = new Map<string, Figures[]>(candidates.map(([name]) => [name, []]))
try {
  for (let round = 1; round <= rounds; round += 1) {
    console.log(`round ${round} of ${rounds}`)
    for (const [name, download] of candidates) {
      runs.get(name)?.push(await download())
      rmSync(target, { force: true })
    }
  }
} finally {
  await origin.stop()
  rmSync(work, { recursive: true, force: true })
}

const figure = (name: string, of: (figures: Figures) => number): number =>
  median((runs.get(name) ?? []).map(of))
const bytes = figure('vsr', (run) => run.bytes)
const wallBars: Readonly<Record<string, number>> = { ffmpeg: 0.8, streamlink: 0.4 }
const cpuBars: Readonly<Record<string, number>> = { ffmpeg: 1 }

const measurements: Measurement[] = []
for (const { work: what, unit, of, bars } of [
  { work: 'wall', unit: 's' as const, of: (run: Figures) => run.wallSec, bars: wallBars },
  {
    work: 'CPU',
    unit: 'CPU s/GB' as const,
    of: (run: Figures) => run.cpuSec / (bytes / GB),
    bars: cpuBars,
  },
]) {
  for (const [name] of candidates.slice(1)) {
    const value = figure(name, of)
    const most = bars[name]
    measurements.push({
      work: what,
      unit,
      vsr: figure('vsr', of),
      peer: { name, value },
      ...(most === undefined ? {} : { bar: { text: `<= ${most}x`, limit: most * value } }),
    })
  }
}
measurements.push({
  work: 'most resident memory of the server',
  unit: 'MB',
  vsr: figure('vsr', (run) => run.peakRssBytes) / MB,
  bar: { text: '< 200 MB', limit: 200 },
})
report({
  row: 'P2',
  title: 'VOD download',
  method: `${corpus.segments.length} segments, ${Math.round(bytes / MB)} MB, from nginx on this machine. VSR: from the request to a running \`vsr serve\` until the recording has ended by itself, ${PARALLEL} downloads at once, every segment synced. Peers write one file and sync nothing; their start is in their figures.`,
  measurements,
})
