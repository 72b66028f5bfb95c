// Programs that VSR is measured against: installed where that needs no password; a bench goes on without one that is not there.
import { findTool } from '../setup/find-tool.mjs'
import { say } from '../setup/say.mjs'
import { aptInstall, aptPrefix } from '../setup/system-packages.mjs'

const programs = /** @type {const} */ (['ffmpeg', 'nginx', 'streamlink'])

export async function ensurePeers(env = process.env) {
  const missing = programs.filter((name) => findTool({ name, env }) === undefined)
  if (missing.length === 0) return
  const prefix = await aptPrefix({ env })
  if (prefix !== undefined && (await aptInstall({ prefix, missing, env })).ok) return
  say(`Not installed: ${missing.join(', ')}`)
}
