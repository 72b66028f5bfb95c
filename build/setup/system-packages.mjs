// Missing tools: installed where the system lets us, otherwise one command to type.
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { run } from './run.mjs'
import { say } from './say.mjs'

/** Package names by package manager; tools that share a package name it once. */
const managers = {
  'apt-get': {
    command: 'sudo apt-get install -y',
    packages: {
      ffmpeg: 'ffmpeg',
      ffprobe: 'ffmpeg',
      'yt-dlp': 'yt-dlp',
      chromium: 'chromium',
      nginx: 'nginx-light',
      streamlink: 'streamlink',
    },
  },
  dnf: {
    command: 'sudo dnf install -y',
    packages: {
      ffmpeg: 'ffmpeg-free',
      ffprobe: 'ffmpeg-free',
      'yt-dlp': 'yt-dlp',
      chromium: 'chromium',
      nginx: 'nginx',
      streamlink: 'streamlink',
    },
  },
  pacman: {
    command: 'sudo pacman -S --needed',
    packages: {
      ffmpeg: 'ffmpeg',
      ffprobe: 'ffmpeg',
      'yt-dlp': 'yt-dlp',
      chromium: 'chromium',
      nginx: 'nginx',
      streamlink: 'streamlink',
    },
  },
  brew: {
    command: 'brew install',
    packages: {
      ffmpeg: 'ffmpeg',
      ffprobe: 'ffmpeg',
      'yt-dlp': 'yt-dlp',
      chromium: '--cask google-chrome',
      nginx: 'nginx',
      streamlink: 'streamlink',
    },
  },
  winget: {
    command: 'winget install -e',
    packages: {
      ffmpeg: '--id Gyan.FFmpeg',
      ffprobe: '--id Gyan.FFmpeg',
      'yt-dlp': '--id yt-dlp.yt-dlp',
      chromium: '--id Google.Chrome',
      nginx: '--id nginxinc.nginx',
      streamlink: '--id Streamlink.Streamlink',
    },
  },
}

/**
 * The package manager to name to the person.
 * @param {{ platform: NodeJS.Platform, hasProgram: (name: string) => boolean }} options
 * @returns {keyof typeof managers}
 */
export function packageManager({ platform, hasProgram }) {
  if (platform === 'darwin') return 'brew'
  if (platform === 'win32') return 'winget'
  return ['apt-get', 'dnf', 'pacman'].find(hasProgram) ?? 'apt-get'
}

/**
 * The one command that installs these tools.
 * @param {{ manager: keyof typeof managers, missing: readonly (keyof typeof managers['dnf']['packages'])[] }} options
 */
export function installCommand({ manager, missing }) {
  const { command, packages } = managers[manager]
  const names = [...new Set(missing.map((tool) => packages[tool]))]
  // Options such as --cask and --id belong to one package each.
  return names.some((name) => name.startsWith('--'))
    ? names.map((name) => `${command} ${name}`).join(' && ')
    : `${command} ${names.join(' ')}`
}

/** @param {NodeJS.ProcessEnv} env */
export function programOnPath(env) {
  return (name) =>
    (env.PATH ?? '').split(path.delimiter).some((folder) => existsSync(path.join(folder, name)))
}

/**
 * How apt-get may be run without asking anybody: as root, or with sudo that needs no password.
 * @param {{ env: NodeJS.ProcessEnv, osRelease?: string, uid?: number }} options
 * @returns {Promise<readonly string[] | undefined>} what to put in front of the command; undefined = not at all
 */
export async function aptPrefix({ env, osRelease = readOsRelease(), uid = process.getuid?.() }) {
  const debianLike = /^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(osRelease)
  if (!debianLike || !programOnPath(env)('apt-get')) return undefined
  if (uid === 0) return []
  if (!programOnPath(env)('sudo')) return undefined
  const { code } = await run({ command: 'sudo', args: ['-n', 'true'], env, deadlineMs: 5_000 })
  return code === 0 ? ['sudo', '-n'] : undefined
}

/**
 * apt-get update and install. Starts no service and leaves none to start later: while packages are
 * set up, a policy-rc.d of Debian's own kind forbids it, and nginx is not started at boot.
 * @param {{ prefix: readonly string[], missing: readonly string[], env: NodeJS.ProcessEnv }} options
 * @returns {Promise<{ ok: boolean, output: string }>}
 */
export async function aptInstall({ prefix, missing, env }) {
  const names = [...new Set(missing.map((tool) => managers['apt-get'].packages[tool]))]
  // Chromium without any font shows boxes for letters.
  if (missing.includes('chromium')) names.push('fonts-dejavu-core')
  say(`Installing ${names.join(', ')} with apt-get (this can take some minutes) …`)
  const [command = 'sh', ...args] = [...prefix, 'sh', '-c', aptScript, 'apt', ...names]
  const { code, output } = await run({ command, args, env })
  return { ok: code === 0, output }
}

const aptScript = `
set -e
export DEBIAN_FRONTEND=noninteractive
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  trap 'rm -f "$policy"' EXIT
  trap 'exit 1' INT TERM
  printf '#!/bin/sh\\nexit 101\\n' > "$policy"
  chmod 755 "$policy"
fi
options="-o Acquire::Retries=3 -o DPkg::Lock::Timeout=300"
# A source that is out of reach need not be the one that has these packages.
timeout -k 10 300 apt-get $options update || echo "apt-get update failed" >&2
timeout -k 10 1200 apt-get $options install -y --no-install-recommends "$@"
case " $* " in
  *" nginx-light "*) update-rc.d nginx disable || echo "nginx could not be disabled" >&2 ;;
esac
`

function readOsRelease() {
  return existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : ''
}
