import { readdirSync } from 'node:fs'
import path from 'node:path'
import type { FastifyInstance } from 'fastify'

/** hls.js makes its worker and its media from blobs; everything else comes from files of our own. */
const INTERFACE_CSP = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  // hls.js makes the text track for EXT-X-DATERANGE from an empty data: URL.
  "media-src 'self' blob: data:",
  "connect-src 'self'",
  "worker-src 'self' blob:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/**
 * One route for each file of the built interface, known at the start: nothing else in the folder, or
 * outside it, can be asked for. The files hold no data and need no token.
 */
export function serveInterface(app: FastifyInstance, staticDir: string): void {
  for (const name of listFiles(staticDir)) {
    const url = `/${name.split(path.sep).map(encodeURIComponent).join('/')}`
    const hashed = name.startsWith(`assets${path.sep}`)
    for (const address of name === 'index.html' ? ['/', url] : [url]) {
      app.get(address, { config: { bare: true } }, (_request, reply) =>
        reply
          .header('content-security-policy', INTERFACE_CSP)
          .sendFile(name, staticDir, {
            cacheControl: false,
            etag: true,
          })
          .header('cache-control', hashed ? 'public, max-age=31536000, immutable' : 'no-cache'),
      )
    }
  }
}

function listFiles(dir: string): string[] {
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(dir, path.join(entry.parentPath, entry.name)))
}
