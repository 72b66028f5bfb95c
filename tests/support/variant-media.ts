import { readFileSync } from 'node:fs'
import path from 'node:path'
import { makeMedia, type MediaSegmentFile } from './media'

/** The segments of one variant stream of the multivariant media, picture only, in memory: 1 s each. */
export async function readVariant(options: {
  readonly name: 'high' | 'low'
  readonly durationSec: number
}): Promise<readonly MediaSegmentFile[]> {
  const { name, durationSec } = options
  const { dir } = await makeMedia({ kind: 'multivariant', durationSec })
  const text = readFileSync(path.join(dir, `${name}.m3u8`), 'utf8')
  return [...text.matchAll(/#EXTINF:([\d.]+),.*\n([^#\s]+)/g)].map(([, sec = '', file = '']) => ({
    name: file,
    durationSec: Number(sec),
    body: new Uint8Array(readFileSync(path.join(dir, file))),
  }))
}
