import type { ResolveSource, Source } from '../../src-main/fetch/source'
import { gaps, numbers, playlistUrl, source } from './fake-recorder'
import { setUpLive } from './live-recorder'
import { mediaPlaylist } from './playlists'

const LIFE_MS = 30_000
const SEGMENT_MS = 2000

/** What became of a recording whose addresses expired all the time. */
interface TokenAccount {
  readonly gaps: number
  /** Media sequence numbers, in order. */
  readonly stored: readonly number[]
  readonly discontinuities: number
  /** How often the page was asked for a new address. */
  readonly resolves: number
}

/** Records a live source through so many tokens that live 30 s each: those of before are refused (F18). */
export async function recordThroughTokens(rotations: number): Promise<TokenAccount> {
  let resolves = 0
  const tokenOf = (nowMs: number) => `t${Math.floor(nowMs / LIFE_MS)}`
  const { clock, library, record } = setUpLive(5, (request, nowMs) => {
    const token = new URL(request.url).searchParams.get('token')
    if (token !== tokenOf(nowMs)) return { status: 403 }
    if (request.kind !== 'playlist') return undefined
    const patch = ({ uri }: { uri: string }) => ({ uri: `${uri}?token=${token}` })
    const playlist = mediaPlaylist({ first: Math.floor(nowMs / SEGMENT_MS), count: 5, patch })
    return { body: JSON.stringify(playlist) }
  })
  const sourceNow = (): Source => ({
    ...source,
    playlistUrl: `${playlistUrl}?token=${tokenOf(clock.monotonicMs())}`,
  })
  const resolve: ResolveSource = async () => {
    resolves += 1
    return sourceNow()
  }
  const { id } = await record({ source: sourceNow(), resolve })
  await clock.advance(rotations * LIFE_MS)
  const rows = library.rows(id)
  return {
    gaps: gaps(rows).length,
    stored: numbers(rows),
    discontinuities: rows.filter((row) => row.kind === 'discontinuity').length,
    resolves,
  }
}
