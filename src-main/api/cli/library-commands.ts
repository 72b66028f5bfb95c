import type { Probe, RecordingDetail, RecordingSummary } from '../../../src-preload/contract/model'
import { findRecording, withEngine, type CommandContext } from './context'
import { formatBytes, formatDuration, formatInstant, formatTable } from './format'
import { storageLine } from './storage-line'
import { activityLine, soundLacks, stateWord } from './record-lines'

/** `vsr list`: one array. */
export async function listCommand(context: CommandContext): Promise<number> {
  return withEngine(context, 'read', async (engine) => {
    const recordings = engine.listRecordings()
    context.terminal.emit(recordings)
    context.terminal.say(
      recordings.length === 0
        ? `No recordings in ${engine.libraryDir} yet. \`vsr record <url>\` makes one; \`vsr record demo:\` tries it.`
        : formatTable([
            ['ID', 'STATE', 'START', 'LENGTH', 'SIZE', 'COMPLETE', 'TITLE'],
            ...recordings.map(tableRow),
          ]),
    )
    if (recordings.length > 0) context.terminal.say(storageLine(await engine.storage()))
    return 0
  })
}

const tableRow = (recording: RecordingSummary) => [
  recording.id,
  stateWord(recording),
  formatInstant(recording.startMs),
  formatDuration(recording.durationSec),
  formatBytes(recording.bytes),
  [`${(recording.completeness * 100).toFixed(1)} %`, soundLacks(recording)]
    .filter((words) => words !== '')
    .join(', '),
  recording.title,
]

/** `vsr show <id>`: everything about one. */
export async function showCommand(context: CommandContext, reference: string): Promise<number> {
  return withEngine(context, 'read', async (engine) => {
    const detail = await engine.getRecording(findRecording(engine, reference).id)
    context.terminal.emit(detail)
    context.terminal.say(describe(detail))
    return 0
  })
}

function describe(detail: RecordingDetail): string {
  const figures = formatTable([
    ['id', detail.id],
    ['title', detail.title],
    ['source', detail.sourceUrl],
    [
      'state',
      stateWord(detail) + (detail.reason?.cause ? ` (${detail.reason.cause.message})` : ''),
    ],
    ['start', formatInstant(detail.startMs)],
    ['end', detail.endMs === undefined ? '—' : formatInstant(detail.endMs)],
    ['length', formatDuration(detail.durationSec)],
    ['size', formatBytes(detail.bytes)],
    ['pinned', detail.pinned ? 'yes' : 'no'],
    [
      'complete',
      [`${(detail.completeness * 100).toFixed(1)} %, ${detail.gaps} gaps`, soundLacks(detail)]
        .filter((words) => words !== '')
        .join(', '),
    ],
  ])
  const tracks = detail.tracks.map((track) => {
    const { id, kind, language, name, codecs, resolution, segments, bytes } = track
    const label = [language, name].filter((word) => word !== undefined && word !== '')
    return [
      `  ${id}`,
      kind,
      label.join(' ') || '—',
      codecs || '—',
      resolution ? `${resolution.width}x${resolution.height}` : '—',
      `${segments} segments`,
      formatBytes(bytes),
    ]
  })
  const gaps = detail.gapList.map(({ track, fromMs, toMs, cause, count }) => [
    `  ${track}`,
    formatInstant(fromMs),
    `${((toMs - fromMs) / 1000).toFixed(1)} s`,
    cause,
    count === 0 ? 'number unknown' : `${count} segments`,
  ])
  const pinned = detail.pinnedSpans.map(({ id, fromMs, toMs, name }) => [
    `  ${id}`,
    formatInstant(fromMs),
    formatInstant(toMs),
    name ?? '',
  ])
  const happened = detail.activity.map((entry) => [
    `  ${formatInstant(entry.atMs)}`,
    activityLine(entry),
  ])
  return [
    figures,
    'tracks',
    formatTable(tracks),
    ...(gaps.length > 0 ? ['gaps', formatTable(gaps)] : []),
    ...(pinned.length > 0 ? ['pinned', formatTable(pinned)] : []),
    ...(happened.length > 0 ? ['activity', formatTable(happened)] : []),
  ].join('\n')
}

/** `vsr probe <url>`: what would be recorded. */
export async function probeCommand(context: CommandContext, url: string): Promise<number> {
  return withEngine(context, 'read', async (engine) => {
    const probe = await engine.probe(url)
    context.terminal.emit(probe)
    const what = probe.live ? 'live' : `${formatDuration(probe.durationSec ?? 0)} long`
    const lines = [`${probe.title ?? url}: ${probe.kind}, ${what}`]
    if (probe.exportOnly === true) lines.push('encrypted: can be recorded and exported, not played')
    if (probe.drm !== undefined) lines.push(`protected with ${probe.drm}: cannot be recorded`)
    const variants = probe.variants.map(({ bandwidth, resolution, frameRate, codecs }) => [
      resolution ? `  ${resolution.width}x${resolution.height}` : '  —',
      frameRate === undefined ? '—' : `${frameRate} fps`,
      `${(bandwidth / 1e6).toFixed(2)} Mbit/s`,
      codecs || '—',
    ])
    if (variants.length > 0) lines.push(formatTable(variants))
    lines.push(...renditionLines(probe))
    context.terminal.say(lines.join('\n'))
    return 0
  })
}

const RENDITION_WORDS = { AUDIO: 'sound', SUBTITLES: 'subtitles', 'CLOSED-CAPTIONS': 'captions' }

/** `sound: English (en), Deutsch (de)`, each once. */
function renditionLines({ renditions }: Probe): string[] {
  return Object.entries(RENDITION_WORDS).flatMap(([type, word]) => {
    const own = renditions.filter((rendition) => rendition.type === type)
    const names = own.map(({ name, language }) =>
      language === undefined || language === name ? name : `${name} (${language})`,
    )
    return names.length === 0 ? [] : [`${word}: ${[...new Set(names)].join(', ')}`]
  })
}
