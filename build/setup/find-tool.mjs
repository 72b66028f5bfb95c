// Finds the programs of other makers that VSR works with: at a configured path, on PATH, or where the platform puts them.
import { accessSync, constants, statSync } from 'node:fs'
import path from 'node:path'

/** Names to look for, best first, and the environment variable that overrides the search. */
export const tools = {
  ffmpeg: { variable: 'VSR_FFMPEG', names: ['ffmpeg'] },
  ffprobe: { variable: 'VSR_FFPROBE', names: ['ffprobe'] },
  'yt-dlp': { variable: 'VSR_YTDLP', names: ['yt-dlp'] },
  chromium: {
    variable: 'VSR_CHROMIUM',
    names: ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome'],
  },
  nginx: { variable: 'VSR_NGINX', names: ['nginx'] },
  streamlink: { variable: 'VSR_STREAMLINK', names: ['streamlink'] },
}

/** Places that are often not on PATH: Debian keeps servers in sbin, macOS and Windows keep browsers in folders of their own. */
const extraPlaces = {
  linux: ['/usr/sbin', '/usr/local/sbin'],
  darwin: [
    '/opt/homebrew/bin',
    '/usr/local/bin',
    '/Applications/Chromium.app/Contents/MacOS',
    '/Applications/Google Chrome.app/Contents/MacOS',
  ],
  win32: [
    'C:\\Program Files\\Google\\Chrome\\Application',
    'C:\\Program Files (x86)\\Google\\Chrome\\Application',
  ],
}

/** Browsers on macOS are named as people read them. */
const extraNames = { darwin: { chromium: ['Chromium', 'Google Chrome'] } }

/**
 * Absolute path of a tool, or undefined where there is none. A configured path that does not lead to
 * a program counts as missing: it is never silently replaced by another one.
 * @param {{ name: keyof typeof tools, env?: NodeJS.ProcessEnv, platform?: NodeJS.Platform, places?: readonly string[] }} options
 *   `places` replaces the platform's places outside PATH.
 * @returns {string | undefined}
 */
export function findTool({
  name,
  env = process.env,
  platform = process.platform,
  places = extraPlaces[platform] ?? [],
}) {
  const configured = env[tools[name].variable]
  if (configured !== undefined && configured !== '') {
    return isProgram(configured) ? path.resolve(configured) : undefined
  }
  const names = [...tools[name].names, ...(extraNames[platform]?.[name] ?? [])]
  const folders = [...(env.PATH ?? env.Path ?? '').split(path.delimiter), ...places]
  const endings = platform === 'win32' ? ['.exe', '.cmd', '.bat'] : ['']
  // An empty PATH entry means "the current folder": not a place to take programs from.
  return folders
    .filter((folder) => path.isAbsolute(folder))
    .flatMap((folder) =>
      names.flatMap((file) => endings.map((ending) => path.join(folder, `${file}${ending}`))),
    )
    .find(isProgram)
}

/** @param {string} file */
function isProgram(file) {
  try {
    if (!statSync(file).isFile()) return false
    accessSync(file, constants.X_OK)
    return true
  } catch {
    // Not there, or not ours to run: both mean "look further".
    return false
  }
}
