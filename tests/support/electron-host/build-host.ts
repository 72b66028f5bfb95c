import path from 'node:path'
import { build, type InlineConfig } from 'vite'

const here = import.meta.dirname
const outDir = path.resolve(here, '../../../.cache/electron-host')

/** The bundle that `node` runs as if it were the Electron runtime. */
export const hostFile = path.join(outDir, 'main.js')

const common: InlineConfig = { configFile: false, logLevel: 'error' }

/** Resolves when the bundle is there; built once per process. */
export const hostIsBuilt = once(buildHost)

function once<T>(work: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | undefined
  return () => (running ??= work())
}

/** Bundles the stand-in: Node 20 takes no TypeScript, and pages take one script each. */
async function buildHost(): Promise<void> {
  await build({
    ...common,
    build: {
      ssr: true,
      outDir,
      emptyOutDir: true,
      target: 'node20.19',
      minify: false,
      rollupOptions: {
        input: {
          main: path.join(here, 'host/main.ts'),
          electron: path.join(here, 'host/electron.ts'),
        },
        output: { entryFileNames: '[name].js', chunkFileNames: '[name].js' },
      },
    },
  })
  for (const [file, name] of [
    ['main-world', 'mainWorld'],
    ['preload-world', 'preloadWorld'],
  ] as const) {
    await build({
      ...common,
      build: {
        outDir,
        emptyOutDir: false,
        minify: false,
        lib: {
          entry: path.join(here, `page/${file}.ts`),
          formats: ['iife'],
          name,
          fileName: () => `${file}.js`,
        },
      },
    })
  }
}
