import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { makeMedia } from '../support/media'
import { createRandom } from '../support/fault-store-samples'
import { tempDirForTest } from '../support/temp-dir'
import { runVsr, startVsr } from '../support/vsr-process'

const KILLS = 6

interface Listed {
  readonly id: string
  readonly segments: number
}

async function list(library: string): Promise<Listed[]> {
  const { stdout, stderr } = await runVsr(['list', '--json', '--library', library])
  if (stderr !== '') throw new Error(stderr)
  return JSON.parse(stdout) as Listed[]
}

/** A library with one recording of 6 seconds; `extraFiles` of a person's own make a move take longer. */
async function makeLibrary(extraFiles = 0): Promise<{ library: string; id: string; home: string }> {
  const home = tempDirForTest()
  const library = path.join(home, 'old')
  const { dir } = await makeMedia({ kind: 'ts' })
  const { code, stderr } = await runVsr(['import', dir, '--library', library])
  if (code !== 0) throw new Error(stderr)
  if (extraFiles > 0) mkdirSync(path.join(library, 'mine'))
  for (let number = 0; number < extraFiles; number += 1) {
    writeFileSync(path.join(library, 'mine', `${number}`), Buffer.alloc(20_000, number))
  }
  const [recording] = await list(library)
  return { library, home, id: recording?.id ?? '' }
}

/** Every file below a folder, by its path and content; not the lock, which a killed process leaves. */
function contentOf(folder: string): Map<string, string> {
  const files = new Map<string, string>()
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || entry.name.startsWith('library.lock')) continue
    if (entry.name.startsWith('moved')) continue
    const file = path.join(entry.parentPath, entry.name)
    files.set(path.relative(folder, file), readFileSync(file).toString('latin1'))
  }
  return files
}

describe('vsr relocate', () => {
  it('moves everything, and leads there from the old folder', async () => {
    const { library, home, id } = await makeLibrary()
    const clip = path.join(library, 'exports', 'clip.mp4')
    mkdirSync(path.dirname(clip))
    writeFileSync(clip, 'a clip')
    writeFileSync(
      path.join(library, 'settings.json'),
      JSON.stringify({ exportsDir: path.dirname(clip) }),
    )
    symlinkSync('/etc/hosts', path.join(library, 'a-link'))
    const before = contentOf(library)
    const to = path.join(home, 'new')

    const { code, lines } = await runVsr(['relocate', to, '--json', '--library', library])
    expect(code).toBe(0)
    expect(lines.at(-1)).toMatchObject({ event: 'result', folder: to, notMoved: ['a-link'] })
    const after = contentOf(to)
    expect([...after.keys()].sort()).toEqual([...before.keys()].sort())
    expect(JSON.parse(after.get('settings.json') ?? '')).toEqual({
      exportsDir: path.join(to, 'exports'),
    })
    for (const [name, text] of before)
      if (name !== 'settings.json') expect(after.get(name)).toBe(text)
    expect(readdirSync(library).sort()).toEqual(['a-link', 'moved.json'])

    expect(await list(to)).toMatchObject([{ id, segments: 6 }])
    expect(await list(library)).toMatchObject([{ id, segments: 6 }])
    const { dir } = await makeMedia({ kind: 'fmp4' })
    expect(await runVsr(['import', dir, '--library', library])).toMatchObject({ code: 0 })
    expect(await list(to)).toHaveLength(2)
    expect(readdirSync(library).sort()).toEqual(['a-link', 'moved.json'])
  })

  it('says where the library should be that is not there', async () => {
    const { library, home } = await makeLibrary()
    const to = path.join(home, 'new')
    expect(await runVsr(['relocate', to, '--library', library])).toMatchObject({ code: 0 })
    const note = path.join(to, 'moved-from.json')
    const text = readFileSync(note, 'utf8')
    // S37: a note that nothing confirms leads nowhere.
    writeFileSync(note, text.replace('/old', '/other'))
    const refused = await runVsr(['list', '--library', library])
    expect(refused.code).toBe(1)
    expect(refused.stderr).toMatch(
      /^library_unwritable: The library was moved from .*old to .*new, /,
    )
    expect(readdirSync(library)).toEqual(['moved.json'])
  })

  it.each([
    ['into itself', 'old/inside', 'bad_request'],
    ['around itself', '.', 'bad_request'],
    ['to where something is', 'taken', 'export_target_exists'],
    ['to nowhere', 'no/such', 'bad_request'],
  ])('refuses to move a library %s, and changes nothing', async (_what, name, refusal) => {
    const { library, home } = await makeLibrary()
    mkdirSync(path.join(home, 'taken'))
    writeFileSync(path.join(home, 'taken', 'mine'), 'mine')
    const before = contentOf(library)
    const to = path.join(home, name)
    const { code, stderr } = await runVsr(['relocate', to, '--library', library])
    expect(code).toBe(1)
    expect(stderr).toMatch(new RegExp(`^${refusal}: `))
    expect(contentOf(library)).toEqual(before)
    expect(readdirSync(home).sort()).toEqual(['old', 'taken'])
  })

  it('finishes a move that was cut off between the new name and the note, where both are still the same', async () => {
    const { library, home, id } = await makeLibrary()
    const to = path.join(home, 'new')
    cpSync(library, to, { recursive: true })
    writeFileSync(path.join(to, 'moved-from.json'), JSON.stringify({ version: 1, from: library }))
    const log = path.join(to, 'recordings', id, 'v0', 'segments.ndjson')
    const text = readFileSync(log)
    appendFileSync(log, 'one more')
    const args = ['relocate', to, '--library', library]
    const refused = await runVsr(args)
    expect(refused.stderr).toMatch(/^export_target_exists: /)
    expect(await list(library)).toMatchObject([{ id, segments: 6 }])
    writeFileSync(log, text)
    expect(await runVsr(args)).toMatchObject({ code: 0, stderr: '' })
    expect(readdirSync(library)).toEqual(['moved.json'])
    expect(await list(library)).toMatchObject([{ id, segments: 6 }])
  })

  it('Ctrl-C while it copies leaves the library where it is', async () => {
    const { library, home } = await makeLibrary(3000)
    const before = contentOf(library)
    const vsr = await startVsr(['relocate', path.join(home, 'new'), '--json', '--library', library])
    await vsr.waitFor('progress', { match: ({ percent }) => Number(percent) >= 5 })
    await vsr.stop('SIGINT')
    expect(vsr.stderr).toMatch(/^cancelled: /)
    expect(readdirSync(home)).toEqual(['old'])
    expect(contentOf(library)).toEqual(before)
  })

  it(`F34 ${KILLS} kills at random instants: one whole library, found through the old folder, and the move can be finished`, async () => {
    const random = createRandom(7)
    for (let kill = 0; kill < KILLS; kill += 1) {
      const { library, home, id } = await makeLibrary(1500)
      const before = contentOf(library)
      const to = path.join(home, 'new')
      const vsr = await startVsr(['relocate', to, '--json', '--library', library])
      // The later ones fall on the switch and on the removal of what is old.
      const percent = kill < 2 ? random() * 90 : 100
      await vsr.waitFor('progress', { match: (line) => Number(line['percent']) >= percent })
      await new Promise((resolve) => setTimeout(resolve, random() * 60))
      await vsr.stop('SIGKILL')

      expect(await list(library), `kill ${kill}`).toMatchObject([{ id, segments: 6 }])
      const isMoved = existsSync(path.join(library, 'moved.json'))
      expect(contentOf(isMoved ? to : library), `kill ${kill}`).toEqual(before)

      if (!isMoved) {
        const again = await runVsr(['relocate', to, '--library', library])
        expect(again, `kill ${kill}`).toMatchObject({ code: 0, stderr: '' })
        expect(contentOf(to), `kill ${kill}`).toEqual(before)
      }
      // Nothing half lies about.
      expect(readdirSync(home).sort()).toEqual(['new', 'old'])
    }
  }, 120_000)
})
