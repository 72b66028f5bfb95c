// The Electron runtime: found, or downloaded once, or a true reason why there is none.
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { createRefusal } from './refusal.mjs'
import { run } from './run.mjs'
import { say } from './say.mjs'

const DOWNLOAD_DEADLINE_MS = 30_000

/**
 * @typedef {{ runtime: string } | { reason: string }} RuntimeAnswer `reason` completes "not available: …"
 */

/**
 * Where the runtime is, or why there is none here.
 * @param {{ root: string, env?: NodeJS.ProcessEnv, platform?: NodeJS.Platform }} options
 * @returns {Promise<RuntimeAnswer>}
 */
export async function electronRuntime({ root, env = process.env, platform = process.platform }) {
  if (platform === 'linux' && !env.DISPLAY && !env.WAYLAND_DISPLAY) {
    return { reason: 'this machine has no display' }
  }
  if (env.ELECTRON_PATH) {
    return existsSync(env.ELECTRON_PATH)
      ? { runtime: env.ELECTRON_PATH }
      : { reason: `ELECTRON_PATH names ${env.ELECTRON_PATH}, which does not exist` }
  }
  const packageDir = path.join(root, 'node_modules/electron')
  const installed = installedRuntime(packageDir)
  if (installed !== undefined) return { runtime: installed }
  return download({ root, packageDir, env })
}

/** @param {string} packageDir */
function installedRuntime(packageDir) {
  const pathFile = path.join(packageDir, 'path.txt')
  if (!existsSync(pathFile)) return undefined
  const runtime = path.join(packageDir, 'dist', readFileSync(pathFile, 'utf8').trim())
  return existsSync(runtime) ? runtime : undefined
}

async function download({ root, packageDir, env }) {
  const installer = path.join(packageDir, 'install.js')
  if (!existsSync(installer)) return { reason: 'the electron package is not installed' }
  const { version } = JSON.parse(readFileSync(path.join(packageDir, 'package.json'), 'utf8'))
  const refusal = createRefusal(path.join(root, '.cache/electron-refused'))
  const earlier = env.VSR_RETRY_ELECTRON ? undefined : refusal.reasonFor(version)
  if (earlier !== undefined) {
    return { reason: `${earlier} (VSR_RETRY_ELECTRON=1 tries again)` }
  }
  say('Downloading the desktop runtime (Electron, about 120 MB, once) …')
  const { code, output, late } = await run({
    command: process.execPath,
    args: [installer],
    cwd: root,
    env,
    deadlineMs: Number(env.VSR_ELECTRON_DEADLINE_MS) || DOWNLOAD_DEADLINE_MS,
  })
  const installed = installedRuntime(packageDir)
  if (code === 0 && installed !== undefined) {
    refusal.forget()
    return { runtime: installed }
  }
  const reason = downloadReason({ output, late })
  refusal.write(version, reason)
  return { reason }
}

/**
 * One clause out of what the installer said.
 * @param {{ output: string, late: boolean }} options
 */
function downloadReason({ output, late }) {
  if (late) return 'the download of its runtime did not finish in time'
  const status = /(?:Response code|status(?: code)?)\D{0,3}(\d{3})/i.exec(output)?.[1]
  if (status !== undefined) return `the download of its runtime was refused (HTTP ${status})`
  const network =
    /\b(ENOTFOUND|EAI_AGAIN|ECONN\w+|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ERR_TLS\w*|UNABLE_TO\w+|SELF_SIGNED\w+|CERT_\w+)\b/
  const code = network.exec(output)?.[1]
  if (code !== undefined) return `the download of its runtime failed (${code})`
  // Node's fetch keeps the cause to itself; these words stand for a connection that did not come about.
  if (/TypeError: fetch failed/.test(output)) {
    return 'the download of its runtime failed (its server cannot be reached)'
  }
  const line = output.split('\n').find((text) => text.trim() !== '')
  return `the download of its runtime failed (${line?.trim().slice(0, 120) ?? 'no reason given'})`
}
