import { cpSync, readdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { makeMedia } from '../support/media'
import { tempDirForTest } from '../support/temp-dir'
import { recordingOf, runVsr, startVsr } from '../support/vsr-process'

/** A folder with so many segments that an import of it can be interrupted. */
async function longFolder(): Promise<string> {
  const { dir: source } = await makeMedia({ kind: 'ts' })
  const dir = tempDirForTest()
  cpSync(path.join(source, 'segment-0.ts'), path.join(dir, 'a.ts'))
  const segment = '#EXT-X-DISCONTINUITY\n#EXTINF:1,\na.ts\n'
  const text = `#EXTM3U\n#EXT-X-TARGETDURATION:1\n${segment.repeat(5000)}#EXT-X-ENDLIST\n`
  writeFileSync(path.join(dir, 'index.m3u8'), text)
  return dir
}

interface Listed {
  readonly id: string
  readonly state: string
  readonly segments: number
  readonly reason?: { readonly cause?: { readonly code: string } }
}
const list = async (library: string): Promise<Listed[]> =>
  JSON.parse((await runVsr(['list', '--json', '--library', library])).stdout) as Listed[]

describe('vsr import', () => {
  it('tells of its progress and its result, one object per line', async () => {
    const library = tempDirForTest()
    const { dir } = await makeMedia({ kind: 'fmp4' })
    const args = ['import', dir, '--name', 'Old tape', '--json', '--library', library]
    const { code, lines } = await runVsr(args)
    expect(code).toBe(0)
    const percents = lines.flatMap((line) =>
      line['event'] === 'progress' ? [line['percent']] : [],
    )
    expect(percents.at(-1)).toBe(100)
    expect(lines.at(-1)).toMatchObject({
      event: 'result',
      clock: 'file',
      notTaken: [],
      recording: { title: 'Old tape', segments: 6, gaps: 0, state: 'stopped' },
    })
    const [recording] = await list(library)
    expect(recording?.id).toBe(recordingOf(lines.at(-1) ?? {}).id)
  })

  it('copies the recordings of another library, and says which stayed behind', async () => {
    const [old, library] = [tempDirForTest(), tempDirForTest()]
    const { dir } = await makeMedia({ kind: 'ts' })
    for (const name of ['First', 'Second']) {
      await runVsr(['import', dir, '--name', name, '--library', old])
    }
    const args = ['import', old, '--library', library]
    const copied = await runVsr([...args, '--json'])
    expect(copied).toMatchObject({ code: 0, stderr: '' })
    expect(copied.lines.at(-1)).toMatchObject({ event: 'result', lost: 0, notTaken: [] })
    const ids = (await list(library)).map(({ id }) => id)
    expect(ids.toSorted()).toEqual((await list(old)).map(({ id }) => id).toSorted())
    writeFileSync(path.join(old, 'recordings', ids[0] ?? '', 'recording.json'), '{')
    const again = await runVsr(args)
    expect(again.code).toBe(1)
    expect(again.stdout).toMatch(/^Imported “(First|Second)” \(/m)
    expect(again.stdout).toContain(`Not taken over: ${ids[0]}: `)
    expect(await list(library)).toHaveLength(3)
  })

  it('a killed import leaves a recording that says that it is incomplete, and plays', async () => {
    const library = tempDirForTest()
    const dir = await longFolder()
    const vsr = await startVsr(['import', dir, '--json', '--library', library])
    await vsr.waitFor('progress', { match: ({ percent }) => Number(percent) >= 1 })
    await vsr.stop('SIGKILL')
    const [recording, ...others] = await list(library)
    expect(others).toEqual([])
    expect(recording).toMatchObject({
      state: 'failed',
      reason: { cause: { code: 'import_incomplete' } },
    })
    expect(recording?.segments).toBeGreaterThan(0)
    expect(recording?.segments).toBeLessThan(5000)
    const file = path.join(tempDirForTest(), 'part.mp4')
    const cut = ['export', 'latest', '--to', '3', '-o', file, '--library', library]
    expect(await runVsr(cut)).toMatchObject({ code: 0, stderr: '' })
  })

  it('Ctrl-C leaves nothing', async () => {
    const library = tempDirForTest()
    const vsr = await startVsr(['import', await longFolder(), '--json', '--library', library])
    await vsr.waitFor('progress', { match: ({ percent }) => Number(percent) >= 1 })
    const { code } = await vsr.stop('SIGINT')
    expect(code).not.toBe(0)
    expect(vsr.stderr).toMatch(/^cancelled: /)
    expect(readdirSync(path.join(library, 'recordings'))).toEqual([])
    expect(readdirSync(path.join(library, 'trash'))).toEqual([])
  })
})
