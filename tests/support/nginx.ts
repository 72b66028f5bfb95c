import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { freePort } from './ports'
import { type ManagedProcess, startProcess } from './processes'
import { createTempDir } from './temp-dir'
import { toolPath } from './tools'
import { waitUntil } from './wait-until'

export interface NginxServer {
  /** `http://127.0.0.1:port/`. */
  readonly url: string
  readonly port: number
  /** Ends it and removes its files, not the served folder. Idempotent. */
  stop(): Promise<void>
}

/** A real nginx that serves one folder on a loopback port, byte ranges included. Give `port` to come back where an earlier one was. */
export async function startNginx(options: {
  readonly dir: string
  readonly port?: number
}): Promise<NginxServer> {
  const attempts = options.port === undefined ? 3 : 1
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await startOn(options.dir, options.port ?? (await freePort()))
    } catch (error) {
      // The port may have been taken between finding and using it.
      if (attempt >= attempts) throw error
    }
  }
}

async function startOn(dir: string, port: number): Promise<NginxServer> {
  const home = createTempDir()
  mkdirSync(path.join(home.dir, 'logs'))
  const token = path.basename(home.dir)
  const configFile = path.join(home.dir, 'nginx.conf')
  writeFileSync(configFile, configText({ home: home.dir, dir, port, token }))
  const nginx = await startProcess({
    command: toolPath('nginx'),
    args: ['-p', home.dir, '-c', configFile, '-e', path.join(home.dir, 'logs/error.log')],
  })
  const url = `http://127.0.0.1:${port}/`
  const stop = async () => {
    await nginx.stop()
    await home.remove()
  }
  try {
    await waitUntil({
      what: `nginx to answer on port ${port}`,
      check: () => answersAsOurs({ nginx, url, token }),
    })
  } catch (error) {
    await stop()
    throw error
  }
  return { url, port, stop }
}

async function answersAsOurs(options: {
  readonly nginx: ManagedProcess
  readonly url: string
  readonly token: string
}): Promise<boolean> {
  if (!options.nginx.running) throw new Error(`nginx ended: ${options.nginx.stderr}`)
  try {
    const response = await fetch(`${options.url}-/up`)
    return (await response.text()) === options.token
  } catch {
    // Not listening yet.
    return false
  }
}

/** One process, so that nothing is left when it is killed and so that root's own folders stay readable. */
function configText(options: {
  readonly home: string
  readonly dir: string
  readonly port: number
  readonly token: string
}): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `  ${name}_temp_path "${options.home}/${name}";`)
    .join('\n')
  return `daemon off;
master_process off;
pid "${options.home}/nginx.pid";
events { worker_connections 512; }
http {
${temporary}
  access_log "${options.home}/logs/access.log";
  types {
    application/vnd.apple.mpegurl m3u8;
    video/mp2t ts;
    video/mp4 mp4 m4s m4v;
    audio/mp4 m4a;
    audio/aac aac;
    text/vtt vtt;
    text/html html;
  }
  default_type application/octet-stream;
  server {
    listen 127.0.0.1:${options.port};
    root "${options.dir}";
    location = /-/up { return 200 "${options.token}"; }
    location ~ \\.m3u8$ { add_header Cache-Control no-cache; }
  }
}
`
}
