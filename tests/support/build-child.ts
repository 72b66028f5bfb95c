import path from 'node:path'
import { build } from 'vite'

/** Makes a program of tests/support ready to run in a process of its own. @returns its file. */
export async function buildChild(name: string): Promise<string> {
  const outDir = path.resolve('.cache/test-children', name)
  await build({
    configFile: false,
    logLevel: 'error',
    build: {
      ssr: path.resolve(`tests/support/${name}.ts`),
      outDir,
      target: 'node20.19',
      minify: false,
      rollupOptions: { output: { entryFileNames: 'child.mjs' } },
    },
  })
  return path.join(outDir, 'child.mjs')
}
