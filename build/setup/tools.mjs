// Makes sure that the programs VSR works with are there.
import path from 'node:path'
import { findTool } from './find-tool.mjs'
import { SetupError, say } from './say.mjs'
import { createRefusal } from './refusal.mjs'
import {
  aptInstall,
  aptPrefix,
  installCommand,
  packageManager,
  programOnPath,
} from './system-packages.mjs'

const runTools = ['ffmpeg', 'ffprobe', 'yt-dlp']
const testTools = [...runTools, 'chromium', 'nginx']

const purposes = {
  ffmpeg: 'exports and the demo stream need it',
  ffprobe: 'exports need it',
  'yt-dlp': 'finding the video of a web page needs it',
}

/**
 * Names of the tools that are not there.
 * @param {{ forTests: boolean, env?: NodeJS.ProcessEnv }} options
 */
export function missingTools({ forTests, env = process.env }) {
  return (forTests ? testTools : runTools).filter((name) => findTool({ name, env }) === undefined)
}

/**
 * Installs missing tools where it may. Without them VSR still records, so that for a start it only
 * tells what to type; tests need them all.
 * @param {{ root: string, forTests: boolean, env?: NodeJS.ProcessEnv }} options
 * @throws {SetupError} when tests lack a tool
 */
export async function ensureTools({ root, forTests, env = process.env }) {
  const missing = missingTools({ forTests, env })
  if (missing.length === 0) return
  const refusal = createRefusal(path.join(root, '.cache/tools-refused'))
  const refused = forTests ? undefined : refusal.reasonFor(missing.join())
  const details = refused === undefined ? await tryToInstall({ missing, env, refusal }) : ''
  const stillMissing = missingTools({ forTests, env })
  if (stillMissing.length > 0) tellWhatToType({ missing: stillMissing, forTests, env, details })
}

/** Returns what the package manager said, for the curious. */
async function tryToInstall({ missing, env, refusal }) {
  const prefix = await aptPrefix({ env })
  if (prefix === undefined) return ''
  const { ok, output } = await aptInstall({ prefix, missing, env })
  if (ok) return ''
  const reason = aptReason(output)
  refusal.write(missing.join(), reason)
  say(`apt-get could not install them: ${reason}`)
  return output
}

function tellWhatToType({ missing, forTests, env, details }) {
  const manager = packageManager({ platform: process.platform, hasProgram: programOnPath(env) })
  const command = installCommand({ manager, missing })
  if (forTests) {
    throw new SetupError(
      `The tests need ${missing.join(', ')}. To install what is missing, type:\n  ${command}`,
      details,
    )
  }
  for (const name of missing) say(`${name} was not found (${purposes[name]}).`)
  say(`Recording works without. To install what is missing, type:\n  ${command}`)
}

/** @param {string} output */
function aptReason(output) {
  const lines = output.split('\n').filter((line) => line.startsWith('E: '))
  return lines.at(-1)?.slice(3) ?? 'set VSR_DEBUG=1 for details.'
}
