import type { ApiError } from '../../../src-preload/contract/errors'
import type { LowestQuality } from '../../../src-preload/contract/model'
import { addPathwayClones } from '../../hls/choose/clone-pathway'
import { orderPathways, pathwaysOf, steeredId } from '../../hls/choose/pathways'
import type { MultivariantPlaylist, Playlist, VariantStream } from '../../hls/playlist'
import { qualityLadder } from '../../hls/choose/quality-ladder'
import { createVariantIds, recognise } from '../../hls/choose/variant-identity'
import { variantName } from '../../hls/choose/variant-name'
import type { PathwayClone } from '../../hls/choose/steering-manifest'
import type { Clock } from '../../ports/clock'
import {
  type CandidateFailure,
  type Candidates,
  hasFreeOther,
  noteFailure,
  noteSuccess,
  rankCandidates,
  startCandidates,
  type Subject,
} from './candidates'
import type { SourceStream } from './choose-streams'

/** The media playlist of a track at one of the places that offer it. */
export interface StreamInUse extends SourceStream {
  readonly pathwayId: string
  /** Names the encoding: another one is another variant stream. It stays when the source lists the stream with another bit rate. */
  readonly variantId: string
}

/** What the source's playlist offers. */
interface Offer {
  readonly playlist: Playlist
  /** The streams to record of a playlist, the main one first. */
  readonly list: (playlist: Playlist) => readonly SourceStream[]
  readonly lowest: LowestQuality
}

/** A track goes on from another place. */
export interface PathwaySwitch {
  readonly trackId: string
  readonly from: string
  readonly to: string
  /** Its place among those of the track, from 1: the best one. */
  readonly number: number
  readonly stream: StreamInUse
  /** Why the other was left; absent where the source wants it so. */
  readonly cause?: ApiError
}

/** Where each track can be had, and where it is had at the moment. */
export interface TrackCandidates {
  /** Takes what the source's playlist says now. @returns the streams to record. */
  offer(offer: Offer): readonly SourceStream[]
  /** The order in which the source wants its pathways used, and the pathways that it adds. */
  steer(priority: readonly string[], clones: readonly PathwayClone[]): void
  /** PATHWAY-ID of the place that the main track is had from. */
  mainPathwayId(): string
  inUse(trackId: string): StreamInUse | undefined
  /** True where the track can be had from more than one place. */
  hasOther(trackId: string): boolean
  /** True where one of the others is worth trying now. */
  isReplaceable(trackId: string): boolean
  /** @returns true where another place is in use now and is to be tried at once. */
  failed(trackId: string, failure: Omit<CandidateFailure, 'atMs'>): boolean
  succeeded(trackId: string, id: string, subject: Subject): void
  /** Bits per second of the variant streams that the main track may be had in, from the chosen one down. */
  rungsBps(): readonly number[]
  /** What people call them: `720p`. */
  rungNames(): readonly string[]
  /** Which of them is in use. */
  rung(): number
  /** Takes the main track from another rung of them, at every place. */
  setRung(rung: number): void
  /** Aborted when the track is no longer to be had as it was because it came too slowly or not at all. */
  leaving(trackId: string): AbortSignal
}

/** @param options.onSwitch told after each change of place. */
export function createTrackCandidates(options: {
  clock: Clock
  onSwitch: (change: PathwaySwitch) => void
}): TrackCandidates {
  const { clock, onSwitch } = options
  const states = new Map<string, Candidates>()
  let streams = new Map<string, readonly StreamInUse[]>()
  let offered: Offer | undefined
  let priority: readonly string[] = []
  let clones: readonly PathwayClone[] = []
  let rungs: readonly VariantStream[] = []
  let rung = 0
  const variantIds = createVariantIds()
  const leavings = new Map<string, AbortController>()

  const leave = (trackId: string) => {
    leavings.get(trackId)?.abort()
    leavings.delete(trackId)
  }

  const set = (trackId: string, next: Candidates, cause?: ApiError) => {
    const from = states.get(trackId)?.inUse
    states.set(trackId, next)
    const to = next.inUse
    const stream = inUse(trackId)
    if (from === undefined || from === to || stream === undefined) return
    const number = next.ids.indexOf(to) + 1
    onSwitch({ trackId, from, to, number, stream, ...(cause === undefined ? {} : { cause }) })
  }
  /** The streams of each track, from the best place to the worst. */
  const collect = ({ playlist, list, lowest }: Offer) => {
    const found = new Map<string, StreamInUse[]>()
    const add = (pathwayId: string, stream: SourceStream, variantId = '') => {
      const known = found.get(stream.info.id) ?? []
      if (known.some(({ playlistUrl }) => playlistUrl === stream.playlistUrl)) return
      found.set(stream.info.id, [...known, { ...stream, pathwayId, variantId }])
    }
    if (playlist.kind === 'media') {
      for (const stream of list(playlist)) add('', stream)
      return found
    }
    const pathways = orderPathways(addPathwayClones(pathwaysOf(playlist), clones), priority)
    takeRungs(ladderOf(pathways[0]?.playlist, list, lowest))
    const inUseNow = rung === 0 ? undefined : rungs[rung]
    for (const { id, playlist: own } of pathways) {
      const [main, ...others] = list(own)
      const ids = variantIds.take(own.variants)
      const variant = inUseNow && recognise(inUseNow, own.variants)
      // Its renditions stay those of the chosen variant stream.
      const adapted = variant === undefined ? main : list({ ...own, variants: [variant] })[0]
      const chosen = own.variants.find(({ uri }) => uri === main?.playlistUrl)
      const taken = variant ?? chosen
      if (adapted !== undefined) add(id, adapted, taken && ids.get(taken))
      for (const stream of others) add(id, stream)
    }
    return found
  }
  /** A playlist that was loaded anew may list other streams: the one in use stays, if it is there. */
  const takeRungs = (next: readonly VariantStream[]) => {
    const known = rungs[rung]
    const same = known && recognise(known, next)
    const at = same === undefined ? rung : next.indexOf(same)
    rungs = next
    rung = Math.max(0, Math.min(at, next.length - 1))
  }
  const update = (isSteered: boolean) => {
    if (offered === undefined) return
    streams = collect(offered)
    for (const [trackId, found] of streams) {
      const ids = found.map(({ pathwayId }) => pathwayId)
      const state = states.get(trackId)
      if (state === undefined) set(trackId, startCandidates(ids))
      else if (isSteered || ids.join('\n') !== state.ids.join('\n')) {
        set(trackId, rankCandidates(state, ids, clock.monotonicMs()))
      }
    }
  }
  const inUse = (trackId: string) => {
    const found = streams.get(trackId)
    const id = states.get(trackId)?.inUse
    return found?.find(({ pathwayId }) => pathwayId === id) ?? found?.[0]
  }

  return {
    inUse,
    offer(offer) {
      offered = offer
      update(false)
      return [...streams.keys()].flatMap((trackId) => inUse(trackId) ?? [])
    },
    steer(nextPriority, nextClones) {
      priority = nextPriority
      clones = nextClones
      update(true)
    },
    mainPathwayId() {
      const [main] = streams.keys()
      return steeredId((main === undefined ? undefined : inUse(main)?.pathwayId) ?? '.')
    },
    rung: () => rung,
    rungNames: () => rungs.map((variant) => variantName(variant, rungs)),
    rungsBps: () => rungs.map(({ bandwidth }) => bandwidth),
    setRung(next) {
      const isDown = next > rung
      rung = next
      update(false)
      const [main] = streams.keys()
      if (isDown && main !== undefined) leave(main)
    },
    leaving(trackId) {
      const known = leavings.get(trackId) ?? new AbortController()
      leavings.set(trackId, known)
      return known.signal
    },
    hasOther: (trackId) => (streams.get(trackId)?.length ?? 0) > 1,
    isReplaceable(trackId) {
      const state = states.get(trackId)
      return state !== undefined && hasFreeOther(state, clock.monotonicMs())
    },
    failed(trackId, failure) {
      const state = states.get(trackId)
      if (state === undefined) return false
      const judged = noteFailure(state, { ...failure, atMs: clock.monotonicMs() })
      set(trackId, judged.candidates, failure.cause)
      if (judged.retryAtOnce) leave(trackId)
      return judged.retryAtOnce
    },
    succeeded(trackId, id, subject) {
      const state = states.get(trackId)
      if (state !== undefined) set(trackId, noteSuccess(state, id, subject))
    },
  }
}

/** The chosen variant stream of a pathway and those that may stand in for it. */
function ladderOf(
  playlist: MultivariantPlaylist | undefined,
  list: Offer['list'],
  lowest: LowestQuality,
): readonly VariantStream[] {
  if (playlist === undefined) return []
  const main = list(playlist)[0]
  const chosen = playlist.variants.find(({ uri }) => uri === main?.playlistUrl)
  return chosen === undefined ? [] : qualityLadder(playlist, chosen, lowest)
}
