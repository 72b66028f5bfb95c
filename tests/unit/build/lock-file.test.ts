import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'

interface LockFile {
  readonly packages: Readonly<
    Record<
      string,
      { readonly optionalDependencies?: Record<string, string>; readonly hasInstallScript?: true }
    >
  >
}

const file = path.resolve(import.meta.dirname, '../../../package-lock.json')
const lock = JSON.parse(readFileSync(file, 'utf8')) as LockFile

it('the lock file names the packages of every platform: npm ci refuses it otherwise', () => {
  const present = new Set(
    Object.keys(lock.packages).map((place) => place.split('node_modules/').at(-1)),
  )
  const absent = Object.values(lock.packages)
    .flatMap(({ optionalDependencies = {} }) => Object.keys(optionalDependencies))
    .filter((name) => !present.has(name))
  expect(absent, 'run: node build/complete-lock-file.mjs').toEqual([])
})

it('S39 no new package brings an install script', () => {
  const withScript = Object.entries(lock.packages)
    .filter(([, { hasInstallScript }]) => hasInstallScript)
    .map(([place]) => place)
  expect(withScript).toEqual(['node_modules/electron-winstaller'])
})
