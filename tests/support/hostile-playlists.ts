import { parsePlaylist } from '../../src-main/hls/parse/parse-playlist'
import type { Playlist } from '../../src-main/hls/playlist'
import { VsrError } from '../../src-preload/contract/errors'
import { FIXTURE_URL, hlsFixtures, readHlsFixture } from './hls-fixtures'
import { createRandom } from './random'

const pieces = [
  '\n',
  '\r',
  ',',
  '=',
  '"',
  ':',
  '@',
  '-',
  '0',
  '9',
  '1e999',
  '18446744073709551616',
  'NaN',
  '__proto__',
  'constructor',
  'hasOwnProperty=1,',
  '\u0000',
  '{$session}',
  '{$x}',
  '#EXT',
  'file:///etc/passwd',
  'http://weaker/',
]

const texts = hlsFixtures.map(readHlsFixture)
const lines = texts.flatMap((text) => text.split('\n'))

/** A playlist with a few edits that no server makes by mistake. */
export function mutate(random: () => number, text: string): string {
  const pick = (from: readonly string[]) => from[Math.floor(random() * from.length)] ?? ''
  let mutated = text
  for (let edits = 0; edits < 1 + random() * 4; edits += 1) {
    const at = Math.floor(random() * mutated.length)
    const cut = random() < 0.5 ? Math.floor(random() * 12) : 0
    const piece = random() < 0.3 ? `\n${pick(lines)}\n` : pick(pieces)
    mutated = mutated.slice(0, at) + piece + mutated.slice(at + cut)
  }
  return mutated
}

/** Numbers that are none, or too large to be counted on; addresses other than http(s). */
export function problemsOf(value: unknown, name = ''): readonly string[] {
  if (typeof value === 'number') {
    const isWhole = Number.isFinite(value) && Math.abs(value) <= Number.MAX_SAFE_INTEGER
    return isWhole ? [] : [`${name} ${value}`]
  }
  if (name === 'uri' || name === 'serverUri') {
    return /^https?:\/\//.test(String(value)) ? [] : [`${name} ${String(value)}`]
  }
  if (typeof value !== 'object' || value === null || isForeignKey(value)) return []
  return Object.entries(value).flatMap(([key, inner]) => problemsOf(inner, key))
}

/** A key that VSR cannot use keeps its address as it is: it is never asked for. */
const isForeignKey = (value: object): boolean =>
  'keyFormat' in value || ('method' in value && value.method !== 'AES-128')

/** What is expected of any text: a playlist, or a refusal with a code. Throws for all else. */
export function parseHostile(text: string): Playlist | VsrError {
  try {
    return parsePlaylist(text, FIXTURE_URL, [['token', 't=1']])
  } catch (error) {
    if (error instanceof VsrError) return error
    throw error
  }
}

/** What the parser made of many hostile playlists. */
interface HostileAccount {
  readonly read: number
  /** Refused, by the code of the refusal. */
  readonly refused: ReadonlyMap<string, number>
  /** Texts that the parser broke on. */
  readonly crashes: readonly string[]
  /** Texts that led to impossible numbers or to addresses that are not of the web. */
  readonly wrong: readonly string[]
  readonly slowestMs: number
  /** Names that Object.prototype has more or less than before. */
  readonly pollution: readonly string[]
}

/** Parses so many mutated playlists: those of all fixtures in turn. */
export function parseMutated(rounds: number, seed: number): HostileAccount {
  const random = createRandom(seed)
  const before = Object.getOwnPropertyNames(Object.prototype)
  const refused = new Map<string, number>()
  const crashes: string[] = []
  const wrong: string[] = []
  let read = 0
  let slowestMs = 0
  for (let round = 0; round < rounds; round += 1) {
    const text = mutate(random, texts[round % texts.length] ?? '')
    const startMs = performance.now()
    try {
      const result = parseHostile(text)
      if (result instanceof VsrError) {
        refused.set(result.code, (refused.get(result.code) ?? 0) + 1)
      } else {
        read += 1
        if (problemsOf(result).length > 0) wrong.push(text)
      }
    } catch {
      crashes.push(text)
    }
    slowestMs = Math.max(slowestMs, performance.now() - startMs)
  }
  const after = Object.getOwnPropertyNames(Object.prototype)
  const pollution = [
    ...after.filter((name) => !before.includes(name)),
    ...before.filter((name) => !after.includes(name)),
  ]
  return { read, refused, crashes, wrong, slowestMs, pollution }
}
