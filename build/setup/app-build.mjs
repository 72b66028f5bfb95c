// out/: built when a source file, the build's configuration or a package changed.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { run } from './run.mjs'
import { SetupError, say } from './say.mjs'

const products = ['main/index.js', 'main/headless.js', 'preload/index.cjs', 'renderer/index.html']
const sourceFolders = ['src-main', 'src-preload', 'src-renderer']
const sourceFiles = [
  'electron.vite.config.ts',
  'package.json',
  'package-lock.json',
  'tsconfig.base.json',
]

/** @param {string} root */
const stampFile = (root) => path.join(root, '.cache/build-stamp')

/** A hash over everything that goes into the build. @param {string} root */
function fingerprint(root) {
  const hash = createHash('sha256')
  const files = sourceFolders.flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name))),
  )
  for (const file of [...sourceFiles, ...files.toSorted((a, b) => (a < b ? -1 : 1))]) {
    hash
      .update(`${file}\0`)
      .update(readFileSync(path.join(root, file)))
      .update('\0')
  }
  return hash.digest('hex')
}

/** @param {string} root */
export function buildReady(root) {
  return (
    products.every((file) => existsSync(path.join(root, 'out', file))) &&
    existsSync(stampFile(root)) &&
    readFileSync(stampFile(root), 'utf8') === fingerprint(root)
  )
}

/**
 * Builds the main process, the bridge and the interface.
 * @param {string} root
 * @throws {SetupError}
 */
export async function buildApp(root) {
  say('Building VSR …')
  rmSync(stampFile(root), { force: true })
  // Taken before: what is changed while it builds is built the next time.
  const stamp = fingerprint(root)
  const { code, output } = await run({
    command: process.execPath,
    args: [path.join(root, 'node_modules/electron-vite/bin/electron-vite.js'), 'build'],
    cwd: root,
    deadlineMs: 5 * 60_000,
  })
  const absent = products.filter((file) => !existsSync(path.join(root, 'out', file)))
  if (code !== 0 || absent.length > 0) {
    const why = code === 0 ? `it made no ${absent.join(', ')}` : `exit code ${code}`
    throw new SetupError(`The build failed (${why}):\n${withoutStack(output)}`, output)
  }
  mkdirSync(path.dirname(stampFile(root)), { recursive: true })
  writeFileSync(stampFile(root), stamp)
}

/** What the build complains about, without its own inner workings. @param {string} output */
const withoutStack = (output) => output.replace(/^\s+at .*\n?/gm, '').trim()
