import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { type MediaKind, makeMedia, readMedia } from '../support/media'
import { startNginx } from '../support/nginx'
import { runProcess, words } from '../support/processes'
import { toolPath } from '../support/tools'

const marks: Record<MediaKind, RegExp> = {
  ts: /segment-5\.ts/,
  fmp4: /#EXT-X-MAP:URI="init\.mp4"/,
  'fmp4-large': /#EXT-X-MAP:URI="init\.mp4"/,
  'byte-range': /#EXT-X-BYTERANGE:\d+@\d+/,
  'aes-128': /#EXT-X-KEY:METHOD=AES-128,URI="key\.bin",IV=0x0707/,
  multivariant: /#EXT-X-MEDIA:TYPE=AUDIO/,
  languages: /LANGUAGE="de"/,
}

describe('test media', () => {
  for (const kind of Object.keys(marks) as MediaKind[]) {
    it(`${kind} plays for six seconds over HTTP`, async () => {
      const { dir, playlist } = await makeMedia({ kind })
      expect(readFileSync(path.join(dir, playlist), 'utf8')).toMatch(marks[kind])
      const server = await startNginx({ dir })
      try {
        const probe = await runProcess({
          command: toolPath('ffprobe'),
          args: [
            ...words('-v error -show_entries format=duration -of csv=p=0'),
            `${server.url}${playlist}`,
          ],
        })
        expect(Number(probe.stdout)).toBeCloseTo(6, 0)
      } finally {
        await server.stop()
      }
    })
  }

  it('hands out segments and their initialization section', async () => {
    const ts = await readMedia({ kind: 'ts' })
    expect(ts.media.map((segment) => segment.durationSec)).toEqual([1, 1, 1, 1, 1, 1])
    expect(ts.media.every(({ body }) => body.length % 188 === 0 && body[0] === 0x47)).toBe(true)
    expect(ts.initSection).toBeUndefined()
    const fmp4 = await readMedia({ kind: 'fmp4' })
    expect(Buffer.from(fmp4.initSection ?? []).includes('moov')).toBe(true)
  })
})
