import react from '@vitejs/plugin-react'
import { defineConfig } from 'electron-vite'

const root = import.meta.dirname

export default defineConfig({
  main: {
    build: {
      outDir: 'out/main',
      target: 'node20.19',
      minify: false,
      externalizeDeps: {
        exclude: ['zod', 'lowdb', 'node-fetch', 'commander', 'ws', 'fastify', '@fastify/static'],
      },
      sourcemap: true,
      rollupOptions: {
        input: {
          index: `${root}/src-main/index.ts`,
          headless: `${root}/src-main/headless.ts`,
          'parser-worker': `${root}/src-main/hls/parse/parser-worker.ts`,
        },
        output: { format: 'es' },
      },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      target: 'node20.19',
      minify: false,
      externalizeDeps: false,
      rollupOptions: {
        input: { index: `${root}/src-preload/index.ts` },
        // A sandboxed preload has to be one CommonJS file.
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: 'src-renderer',
    plugins: [react()],
    build: {
      outDir: 'out/renderer',
      minify: true,
      rollupOptions: { input: { index: `${root}/src-renderer/index.html` } },
    },
  },
})
