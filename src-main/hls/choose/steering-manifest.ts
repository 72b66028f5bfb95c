import { z } from 'zod'
import { VsrError } from '../../../src-preload/contract/errors'
import { resolveOptionalUri } from '../parse/resolve-uri'

/** Other addresses for the streams of a pathway that is cloned (rfc8216bis 7.2). */
export interface UriReplacement {
  /** Host, with a port where it has one. */
  readonly host?: string
  readonly params: readonly (readonly [string, string])[]
  /** By STABLE-VARIANT-ID. */
  readonly variantUris: ReadonlyMap<string, string>
  /** By STABLE-RENDITION-ID. */
  readonly renditionUris: ReadonlyMap<string, string>
}

/** A pathway that the multivariant playlist does not list: another one with other addresses. */
export interface PathwayClone {
  readonly baseId: string
  readonly id: string
  readonly replacement: UriReplacement
}

/** What a steering server says (rfc8216bis 7.2). */
export interface SteeringManifest {
  /** Until it is to be asked again, seconds. */
  readonly ttlSec: number
  readonly reloadUri?: string
  /** Pathways by name, best first. */
  readonly priority: readonly string[]
  readonly clones: readonly PathwayClone[]
}

const SHORTEST_TTL_SEC = 5
const LONGEST_TTL_SEC = 3600
const DEFAULT_TTL_SEC = 300

const name = z.string().min(1).max(256)
const uri = z.string().min(1).max(8192)
const few = 32
const uris = z.record(name, uri).refine((map) => Object.keys(map).length <= 500, 'too many')
const cloneSchema = z.object({
  'BASE-ID': name,
  ID: name,
  'URI-REPLACEMENT': z.object({
    HOST: z
      .string()
      .max(260)
      .regex(/^(\[[\da-f:.]+\]|[\w.-]+)(:\d{1,5})?$/i, 'a host')
      .optional(),
    PARAMS: z
      .record(name, z.string().max(8192))
      .refine((map) => Object.keys(map).length <= few, 'too many')
      .optional(),
    'PER-VARIANT-URIS': uris.optional(),
    'PER-RENDITION-URIS': uris.optional(),
  }),
})
const manifestSchema = z.object({
  VERSION: z.literal(1),
  TTL: z.number().optional(),
  'RELOAD-URI': uri.optional(),
  'PATHWAY-PRIORITY': z.array(name).max(few),
  'PATHWAY-CLONES': z.array(cloneSchema).max(few).optional(),
})

const mapOf = (values: Readonly<Record<string, string>> | undefined) =>
  new Map(Object.entries(values ?? {}))

function readClone(clone: z.infer<typeof cloneSchema>): PathwayClone {
  const replacement = clone['URI-REPLACEMENT']
  const { HOST: host, PARAMS: params } = replacement
  return {
    baseId: clone['BASE-ID'],
    id: clone.ID,
    replacement: {
      ...(host === undefined ? {} : { host }),
      // In a fixed order, whatever the order in the manifest (rfc8216bis 7.2).
      params: Object.entries(params ?? {}).toSorted(([a], [b]) => (a < b ? -1 : 1)),
      variantUris: mapOf(replacement['PER-VARIANT-URIS']),
      renditionUris: mapOf(replacement['PER-RENDITION-URIS']),
    },
  }
}

/**
 * Reads a steering manifest.
 * @param url where it came from: RELOAD-URI is relative to it, and one that must not be used (SECURITY S11) is left out.
 * @throws VsrError `playlist_unreadable`.
 */
export function readSteeringManifest(text: string, url: string): SteeringManifest {
  const parsed = manifestSchema.safeParse(parseJson(text))
  if (!parsed.success) throw unreadable(parsed.error)
  const { data } = parsed
  const reloadUri = resolveOptionalUri(data['RELOAD-URI'], url)
  const ttlSec = data.TTL ?? DEFAULT_TTL_SEC
  return {
    ttlSec: Math.min(LONGEST_TTL_SEC, Math.max(SHORTEST_TTL_SEC, ttlSec)),
    ...(reloadUri === undefined ? {} : { reloadUri }),
    priority: data['PATHWAY-PRIORITY'],
    clones: (data['PATHWAY-CLONES'] ?? []).map(readClone),
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw unreadable(cause)
  }
}

const unreadable = (cause: unknown) =>
  new VsrError('playlist_unreadable', 'The source’s steering manifest cannot be read.', { cause })
