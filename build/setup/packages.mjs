// node_modules: installed from the lock file when it or Node changed.
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { run } from './run.mjs'
import { SetupError, say } from './say.mjs'

/** @param {string} root */
const stampFile = (root) => path.join(root, 'node_modules/.vsr-setup.json')

/** What the installed packages depend on. @param {string} root */
function fingerprint(root) {
  return JSON.stringify({
    lock: createHash('sha256')
      .update(readFileSync(path.join(root, 'package-lock.json')))
      .digest('hex'),
    abi: process.versions.modules,
    platform: `${process.platform}-${process.arch}`,
  })
}

/**
 * True when node_modules is what the lock file asks for. A person's own `npm ci` or `npm install`
 * counts: npm's record of what it installed is compared when there is no stamp of ours.
 * @param {string} root
 */
export function packagesReady(root) {
  if (existsSync(stampFile(root)))
    return readFileSync(stampFile(root), 'utf8') === fingerprint(root)
  if (!installedByNpm(root)) return false
  writeFileSync(stampFile(root), fingerprint(root))
  return true
}

/** @param {string} root */
function installedByNpm(root) {
  const recordFile = path.join(root, 'node_modules/.package-lock.json')
  if (!existsSync(recordFile)) return false
  const installed = JSON.parse(readFileSync(recordFile, 'utf8')).packages
  const wanted = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8')).packages
  return Object.entries(wanted).every(
    ([name, { version, optional }]) =>
      name === '' || (optional && !installed[name]) || installed[name]?.version === version,
  )
}

/**
 * `npm ci`, without install scripts: nothing here needs one.
 * @param {{ root: string, env?: NodeJS.ProcessEnv }} options
 * @throws {SetupError}
 */
export async function installPackages({ root, env = process.env }) {
  say('Installing packages (the first time takes about a minute) …')
  const options = ['--loglevel=error', '--no-audit', '--no-fund', '--include=dev']
  const { code, output } = await run({
    ...npmCommand(env, ['ci', '--ignore-scripts', ...options]),
    cwd: root,
    env,
  })
  if (code !== 0) throw new SetupError(sentenceFor(code, output), output)
  writeFileSync(stampFile(root), fingerprint(root))
}

/** The npm that started us, else the one beside Node (Windows), else the one on PATH. */
function npmCommand(env, args) {
  const beside = path.join(path.dirname(process.execPath), 'node_modules/npm/bin/npm-cli.js')
  const script = [env.npm_execpath, process.platform === 'win32' ? beside : undefined].find(
    (file) => file !== undefined && /npm-cli\.[cm]?js$/.test(file) && existsSync(file),
  )
  return script === undefined
    ? { command: 'npm', args }
    : { command: process.execPath, args: [script, ...args] }
}

/** @param {number | null | undefined} code @param {string} output */
function sentenceFor(code, output) {
  if (code === undefined)
    return 'npm was not found: install Node.js together with npm, then start again.'
  const reason = /npm (?:error|ERR!) code (\w+)/.exec(output)?.[1]
  if (
    /^(ENOTFOUND|EAI_AGAIN|ECONN\w+|ETIMEDOUT|ERR_SOCKET\w*|E5\d\d|EHOSTUNREACH|ENETUNREACH|FETCH_ERROR)$/.test(
      reason ?? '',
    )
  ) {
    return `The packages could not be downloaded (${reason}): check the internet connection or the npm registry setting, then start again.`
  }
  if (reason === 'ENOSPC') return 'The packages could not be installed: the disk is full.'
  if (reason === 'EACCES' || reason === 'EPERM' || reason === 'EROFS') {
    return `The packages could not be installed: this folder is not writable (${reason}).`
  }
  if (reason === 'EUSAGE') {
    return 'The packages could not be installed: package.json and package-lock.json do not fit together; run "npm install" once.'
  }
  return `The packages could not be installed (npm: ${reason ?? `exit code ${code}`}). Set VSR_DEBUG=1 for details.`
}
