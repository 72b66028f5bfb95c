import { defineConfig } from 'vitest/config'

/** Suites by what they need: nothing, the contract, real tools, a real browser. */
const suite = (name: string, timeoutMs: number, parallel: boolean) => ({
  test: {
    name,
    include: [`tests/${name}/**/*.test.{ts,tsx}`],
    testTimeout: timeoutMs,
    hookTimeout: timeoutMs,
    fileParallelism: parallel,
    globalSetup: ['tests/support/build-worker.ts'],
  },
})

export default defineConfig({
  test: {
    projects: [
      suite('unit', 10_000, true),
      suite('contract', 10_000, true),
      suite('integration', 90_000, false),
      suite('e2e', 120_000, false),
    ],
  },
})
