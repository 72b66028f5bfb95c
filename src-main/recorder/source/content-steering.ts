import { VsrError } from '../../../src-preload/contract/errors'
import { HttpError, type HttpClient } from '../../fetch/http'
import { withRetries } from '../../fetch/with-retries'
import { readSteeringManifest, type SteeringManifest } from '../../hls/choose/steering-manifest'
import type { Clock } from '../../ports/clock'
import type { Logger } from '../../ports/logger'
import type { RequestBase } from '../segments/download-segment'

/** What a steering server is told. */
interface SteeringReport {
  /** The pathway in use. */
  readonly pathwayId: string
  /** Bits per second; undefined while nothing is known. */
  readonly throughputBps: number | undefined
}

/** A server that could not be asked is left alone for so long. */
const PAUSE_AFTER_FAILURE_SEC = 300
const GONE = 410

/** The address with what the server is told; its own query stays as it is (rfc8216bis 7.3). */
function withReport(uri: string, { pathwayId, throughputBps }: SteeringReport): string {
  const [address = '', fragment] = uri.split('#', 2)
  const params = [`_HLS_pathway=${encodeURIComponent(pathwayId)}`]
  if (throughputBps !== undefined) params.push(`_HLS_throughput=${Math.round(throughputBps)}`)
  const joined = `${address}${address.includes('?') ? '&' : '?'}${params.join('&')}`
  return fragment === undefined ? joined : `${joined}#${fragment}`
}

/**
 * Asks the source's steering server which pathways to use, again and again, until the signal ends it, the server
 * says that it is gone for good, or the source names none any more. Never rejects: what goes wrong is for the log only.
 *
 * @param options.serverUri of the source's playlist as it was loaded last.
 * @param options.requestBase as for every request to the source: its headers go to its own origin only (SECURITY S13, S15).
 */
export async function steerContent(options: {
  serverUri: () => string | undefined
  report: () => SteeringReport
  requestBase: (signal: AbortSignal) => RequestBase
  onManifest: (manifest: SteeringManifest) => void
  http: HttpClient
  clock: Clock
  random: () => number
  logger: Logger
  signal: AbortSignal
}): Promise<void> {
  const { serverUri, report, requestBase, onManifest, http, clock, random, logger, signal } =
    options
  let reloadUri: string | undefined

  const ask = async (uri: string) => {
    const { headers, allowPrivateNetwork, origin } = requestBase(signal)
    const { text, url } = await http.text({
      url: withReport(uri, report()),
      kind: 'steering',
      headers: new URL(uri).origin === origin ? headers : {},
      allowPrivateNetwork,
      signal,
    })
    return readSteeringManifest(text, url)
  }
  /** @returns seconds until the next look; undefined for never again. */
  const look = async (uri: string): Promise<number | undefined> => {
    try {
      const policy = { kind: 'steering' as const, clock, random, signal }
      const manifest = await withRetries(policy, () => ask(uri))
      reloadUri = manifest.reloadUri ?? reloadUri
      onManifest(manifest)
      return manifest.ttlSec
    } catch (error) {
      if (signal.aborted || !(error instanceof VsrError)) throw error
      logger.warn({ err: error }, 'the steering server cannot be asked')
      reloadUri = undefined
      return error instanceof HttpError && error.status === GONE
        ? undefined
        : PAUSE_AFTER_FAILURE_SEC
    }
  }
  try {
    for (let uri = serverUri(); uri !== undefined; uri = reloadUri ?? serverUri()) {
      const pauseSec = await look(uri)
      if (pauseSec === undefined) return
      await clock.sleep(pauseSec * 1000, signal)
    }
  } catch (err) {
    if (!signal.aborted) logger.error({ err }, 'steering broke off, recording goes on without')
  }
}
