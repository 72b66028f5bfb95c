import { readdir } from 'node:fs/promises'
import path from 'node:path'

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.mjs': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
  '.woff2': 'font/woff2',
}

interface InterfaceFile {
  readonly file: string
  readonly contentType: string
}

/** URL path -> file. What is not in here does not exist: requests are looked up, never joined to a folder. */
export type InterfaceFiles = ReadonlyMap<string, InterfaceFile>

/** Reads the built interface's folder once. Rejects with the file system's error when there is no such folder. */
export async function listInterfaceFiles(folder: string): Promise<InterfaceFiles> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = new Map<string, InterfaceFile>()
  for (const entry of entries) {
    const contentType = CONTENT_TYPES[path.extname(entry.name).toLowerCase()]
    if (!entry.isFile() || contentType === undefined) continue
    const file = path.join(entry.parentPath, entry.name)
    const urlPath = `/${path.relative(folder, file).split(path.sep).map(encodeURIComponent).join('/')}`
    files.set(urlPath, { file, contentType })
  }
  const start = files.get('/index.html')
  if (start !== undefined) files.set('/', start)
  return files
}

/** Headers of every answer on `app://vsr`. `serverUrl`: the local server that media comes from. */
export function interfaceHeaders(contentType: string, serverUrl: string): Record<string, string> {
  const server = new URL(serverUrl).origin
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "font-src 'self'",
    `img-src 'self' data: blob: ${server}`,
    // hls.js feeds the player from blob: URLs and parses in a worker.
    `media-src 'self' blob: ${server}`,
    "worker-src 'self' blob:",
    `connect-src 'self' ${server}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ]
  return {
    'content-type': contentType,
    'content-security-policy': policy.join('; '),
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-cache',
  }
}
