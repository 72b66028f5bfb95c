// Adds the packages of other platforms that package-lock.json leaves out.
//
// npm omits optional packages that it could not look up while it wrote the lock file (a registry that
// mirrors one platform only), and then `npm ci` refuses that lock file on every machine
// (https://github.com/npm/cli/issues/4828). Run after `npm install <package>` when the lock-file test asks for it:
//   node build/complete-lock-file.mjs
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'

const lockFile = path.resolve(import.meta.dirname, '../package-lock.json')

const systems = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'openharmony', 'sunos', 'win32']
const processors = ['arm', 'arm64', 'ia32', 'loong64', 'ppc64', 'riscv64', 's390x', 'wasm32', 'x64']

/** What a binary package's name says about the machines it is for. @param {string} name */
function platformOf(name) {
  const words = name.split(/[-/]/)
  const os = words.filter((word) => systems.includes(word))
  const cpu = words.filter((word) => processors.includes(word))
  const libc = words.some((word) => word.startsWith('musl'))
    ? ['musl']
    : words.some((word) => word.startsWith('gnu'))
      ? ['glibc']
      : []
  return Object.fromEntries(
    Object.entries({ cpu, libc, os }).filter(([, values]) => values.length > 0),
  )
}

const lock = JSON.parse(readFileSync(lockFile, 'utf8'))
const present = new Set(
  Object.keys(lock.packages).map((place) => place.split('node_modules/').at(-1)),
)
const added = Object.values(lock.packages)
  .flatMap(({ optionalDependencies = {}, dev }) =>
    Object.entries(optionalDependencies).map(([name, version]) => ({ name, version, dev })),
  )
  .filter(({ name }) => !present.has(name))

for (const { name, version, dev } of added) {
  const platform = platformOf(name)
  if (!/^\d/.test(version) || platform.os === undefined) {
    throw new Error(`${name}@${version} is no package of one platform: look at it yourself`)
  }
  lock.packages[`node_modules/${name}`] = {
    version,
    ...(dev ? { dev } : {}),
    optional: true,
    ...platform,
  }
}
const order = Object.keys(lock.packages).toSorted((a, b) => a.localeCompare(b, 'en'))
lock.packages = Object.fromEntries(order.map((place) => [place, lock.packages[place]]))
writeFileSync(lockFile, `${JSON.stringify(lock, undefined, 2)}\n`)
console.log(`${added.length} packages of other platforms added`)
