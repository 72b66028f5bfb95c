import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { freePort } from '../../support/ports'
import { startProcess } from '../../support/processes'
import { toolPath } from '../../support/tools'
import { waitUntil } from '../../support/wait-until'

/** One answered request. */
interface OriginRequest {
  /** When the answer was complete, unix ms. */
  readonly atMs: number
  /** With query. */
  readonly path: string
  readonly status: number
}

export interface BenchOrigin {
  /** `http://127.0.0.1:port/`. */
  readonly url: string
  /** Everything asked so far, oldest first. */
  requests(): readonly OriginRequest[]
  stop(): Promise<void>
}

/**
 * nginx over two folders, a process of its own: what it costs is not counted.
 * @param options.dir served at `/`.
 * @param options.segmentsDir served at `/segments/`.
 * @param options.work for its own files.
 */
export async function startBenchOrigin(options: {
  readonly dir: string
  readonly segmentsDir: string
  readonly work: string
}): Promise<BenchOrigin> {
  const { dir, segmentsDir, work } = options
  const home = path.join(work, 'nginx')
  mkdirSync(home, { recursive: true })
  const port = await freePort()
  const url = `http://127.0.0.1:${port}/`
  const log = path.join(home, 'access.log')
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path "${home}/${name}";`)
    .join(' ')
  writeFileSync(
    path.join(home, 'nginx.conf'),
    `daemon off; master_process off; pid "${home}/pid";
events { worker_connections 4096; }
http {
  ${temporary}
  log_format bench '$msec $request_uri $status';
  access_log "${log}" bench;
  sendfile on; tcp_nopush on; keepalive_requests 1000000;
  types { application/vnd.apple.mpegurl m3u8; video/mp2t ts; }
  server {
    listen 127.0.0.1:${port};
    location / { root "${dir}"; }
    location /segments/ { alias "${segmentsDir}/"; }
    location = /-/up { return 204; access_log off; }
  }
}
`,
  )
  const nginx = await startProcess({
    command: toolPath('nginx'),
    args: ['-p', home, '-c', path.join(home, 'nginx.conf'), '-e', path.join(home, 'error.log')],
  })
  await waitUntil({
    what: `nginx to answer on port ${port}`,
    check: async () => {
      if (!nginx.running) throw new Error(`nginx ended: ${nginx.stderr}`)
      try {
        return (await fetch(`${url}-/up`)).status === 204
      } catch {
        // Not listening yet.
        return false
      }
    },
  })
  return {
    url,
    requests: () =>
      readFileSync(log, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => {
          const [seconds, requestPath = '', status] = line.split(' ')
          return {
            atMs: Math.round(Number(seconds) * 1000),
            path: requestPath,
            status: Number(status),
          }
        }),
    stop: async () => {
      await nginx.stop()
    },
  }
}
