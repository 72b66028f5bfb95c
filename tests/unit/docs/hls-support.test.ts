import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { hlsFixtures } from '../../support/hls-fixtures'

const root = path.resolve(import.meta.dirname, '../../..')
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8')

const rows = read('docs/hls-support.md')
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| tag or feature'))
  .map((line) => line.split('|').map((cell) => cell.trim()))

/** `file` “beginning of a title” */
const proofPattern = /^`(tests\/[\w./-]+\.test\.tsx?)` “([^”]+)”$/

/** What is wrong with what a row names as its proof; undefined = nothing. */
function problemOf(proof: string): string | undefined {
  const [, file, title] = proofPattern.exec(proof) ?? []
  if (file === undefined || title === undefined) return `not a file and a title: ${proof}`
  if (!existsSync(path.join(root, file))) return `no such file: ${file}`
  const text = read(file)
  const isThere = ["'", '"', '`'].some((quote) => text.includes(`${quote}${title}`))
  return isThere ? undefined : `no title in ${file} begins with: ${title}`
}

describe('docs/hls-support.md', () => {
  it('has rows of three cells', () => {
    expect(rows.length).toBeGreaterThan(20)
    for (const cells of rows) expect(cells, cells.join('|')).toHaveLength(5)
  })

  it('names tests that are there', () => {
    const problems = rows
      .flatMap((cells) => (cells[3] ?? '').split(/(?<=”), /))
      .map(problemOf)
      .filter((problem) => problem !== undefined)
    expect(problems).toEqual([])
  })

  it.each([
    ['no file', 'somewhere'],
    ['a file that is not there', '`tests/unit/hls/nothing.test.ts` “x”'],
    ['a title that is not there', '`tests/unit/hls/parse-fuzz.test.ts` “no such title”'],
  ])('would notice %s', (_, proof) => {
    expect(problemOf(proof)).toBeTypeOf('string')
  })
})

it('every fixture of a playlist is read by a test', () => {
  const folder = path.join(root, 'tests/unit/hls')
  const tests = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(path.join(folder, file), 'utf8'))
    .join('\n')
  expect(hlsFixtures.filter((name) => !tests.includes(`'${name}'`))).toEqual([])
})
