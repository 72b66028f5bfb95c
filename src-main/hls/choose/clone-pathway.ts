import { type Pathway, steeredId } from './pathways'
import type { Rendition, VariantStream } from '../playlist'
import { resolveOptionalUri } from '../parse/resolve-uri'
import type { PathwayClone, UriReplacement } from './steering-manifest'

/** With these parameters in place of those of the same name; the others stay exactly as they are. */
function withParams(url: URL, params: UriReplacement['params']): void {
  if (params.length === 0) return
  const names = new Set(params.map(([name]) => name))
  const kept = url.search
    .slice(1)
    .split('&')
    .filter((pair) => pair !== '' && !names.has(nameOf(pair)))
  const added = params.map(([name, value]) =>
    [name, value].map((text) => encodeURIComponent(text)).join('='),
  )
  url.search = [...kept, ...added].join('&')
}

function nameOf(pair: string): string {
  const [name = ''] = pair.split('=', 1)
  try {
    return decodeURIComponent(name)
  } catch {
    return name // a stray per cent sign: compared as it stands
  }
}

/** @param own the address that the manifest names for this very stream. Undefined where the address must not be used (SECURITY S11). */
function replaced(
  uri: string,
  own: string | undefined,
  { host, params }: UriReplacement,
): string | undefined {
  if (own !== undefined) return resolveOptionalUri(own, uri)
  const url = new URL(uri)
  if (host !== undefined) url.host = host
  withParams(url, params)
  return resolveOptionalUri(url.href, uri)
}

function cloneVariant(variant: VariantStream, clone: PathwayClone): VariantStream | undefined {
  const { variantUris } = clone.replacement
  const uri = replaced(
    variant.uri,
    variantUris.get(variant.stableVariantId ?? ''),
    clone.replacement,
  )
  return uri === undefined ? undefined : { ...variant, uri, pathwayId: clone.id }
}

function cloneRendition(rendition: Rendition, clone: PathwayClone): Rendition | undefined {
  if (rendition.uri === undefined) return rendition
  const { renditionUris } = clone.replacement
  const own = renditionUris.get(rendition.stableRenditionId ?? '')
  const uri = replaced(rendition.uri, own, clone.replacement)
  return uri === undefined ? undefined : { ...rendition, uri }
}

function clonePathway(base: Pathway, clone: PathwayClone): Pathway {
  const { playlist } = base
  return {
    id: clone.id + base.id.slice(steeredId(base.id).length),
    playlist: {
      ...playlist,
      variants: playlist.variants.flatMap((variant) => cloneVariant(variant, clone) ?? []),
      renditions: playlist.renditions.flatMap(
        (rendition) => cloneRendition(rendition, clone) ?? [],
      ),
    },
  }
}

/** The pathways, and those that a steering manifest adds (PATHWAY-CLONES, rfc8216bis 7.2): a clone may be the base of a later one. One whose name is taken, or without a stream that may be used, adds nothing. */
export function addPathwayClones(
  pathways: readonly Pathway[],
  clones: readonly PathwayClone[],
): readonly Pathway[] {
  let all = pathways
  for (const clone of clones) {
    if (all.some(({ id }) => steeredId(id) === clone.id)) continue
    const bases = all.filter(({ id }) => steeredId(id) === clone.baseId)
    const added = bases.map((base) => clonePathway(base, clone))
    all = [...all, ...added.filter(({ playlist }) => playlist.variants.length > 0)]
  }
  return all
}
