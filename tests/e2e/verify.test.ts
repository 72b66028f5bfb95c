import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { makeMedia } from '../support/media'
import { tempDirForTest } from '../support/temp-dir'
import { runVsr, startVsr } from '../support/vsr-process'

it('F38 vsr verify says what is wrong, also beside a running VSR, and ends with 1 where something is', async () => {
  const library = tempDirForTest()
  const { dir } = await makeMedia({ kind: 'ts' })
  expect(await runVsr(['import', dir, '--library', library])).toMatchObject({ code: 0 })
  const vsr = await startVsr(['serve', '--port', '0', '--json', '--library', library])
  await vsr.waitFor('listening')
  const whole = await runVsr(['verify', '--deep', '--json', '--library', library])
  expect(whole).toMatchObject({
    code: 0,
    stderr: '',
    lines: [{ recordings: 1, missing: 0, orphans: 0, damaged: 0, repaired: 0, findings: [] }],
  })
  const files = Number(whole.lines[0]?.['files'])
  expect(files).toBeGreaterThan(2)

  const below = (folder: string): string[] =>
    readdirSync(folder, { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
      .map((entry) => path.join(entry.parentPath, entry.name))
  const [gone = '', changed = ''] = below(path.join(library, 'recordings')).sort()
  rmSync(gone)
  const bytes = readFileSync(changed)
  bytes[1000] = (bytes[1000] ?? 0) ^ 1
  writeFileSync(changed, bytes)
  const stray = path.join(path.dirname(changed), 'stray.ts')
  writeFileSync(stray, 'x')

  const wrong = await runVsr(['verify', 'latest', '--deep', '--library', library])
  expect(wrong).toMatchObject({ code: 1, stderr: '' })
  for (const file of [gone, changed, stray]) expect(wrong.stdout).toContain(file)
  expect(wrong.stdout).toMatch(/^1 recording, \d+ rows, \d+ files: 1 missing, 1 damaged, /m)
  expect(wrong.stdout).toContain('With --repair: It becomes a gap.')
  expect(wrong.stdout).toContain('1 without a row. Nothing was changed.')
  expect((await runVsr(['verify', '--json', '--library', library])).lines).toMatchObject([
    { files: files - 1, missing: 1, damaged: 0, orphans: 1 },
  ])

  const refused = await runVsr(['verify', '--repair', '--library', library])
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('library_locked: ') })
  await vsr.stop()
  const repaired = await runVsr(['verify', '--deep', '--repair', '--json', '--library', library])
  expect(repaired).toMatchObject({
    code: 1,
    lines: [{ missing: 1, damaged: 1, orphans: 1, repaired: 2 }],
  })
  rmSync(stray)
  expect(await runVsr(['verify', '--deep', '--json', '--library', library])).toMatchObject({
    code: 0,
    lines: [{ missing: 0, damaged: 0, orphans: 0, setAside: 2 }],
  })
  const { lines } = await runVsr(['show', 'latest', '--json', '--library', library])
  expect(lines[0]).toMatchObject({ gapList: [{ cause: 'damaged', count: 2 }] })
})
