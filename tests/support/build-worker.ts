import { existsSync, mkdirSync } from 'node:fs'
import path from 'node:path'
import { build } from 'vite'

const root = path.resolve(import.meta.dirname, '../..')

/** The worker bundle that tests hand to the engine, which itself runs from source under vitest. */
export const testWorkerFile = path.join(root, '.cache/test-worker/parser-worker.mjs')

/** Bundles the parser worker once per test run: Node's worker threads take no TypeScript. */
export default async function buildWorker(): Promise<void> {
  mkdirSync(path.dirname(testWorkerFile), { recursive: true })
  await build({
    configFile: false,
    logLevel: 'error',
    ssr: { noExternal: true },
    build: {
      ssr: path.join(root, 'src-main/hls/parse/parser-worker.ts'),
      outDir: path.dirname(testWorkerFile),
      target: 'node20.19',
      minify: false,
      rollupOptions: { output: { entryFileNames: 'parser-worker.mjs' } },
    },
  })
  if (!existsSync(testWorkerFile)) throw new Error('the parser worker was not built')
}
