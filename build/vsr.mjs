// `npm run vsr -- …`: the command line.
import path from 'node:path'
import { runHeadless } from './setup/headless.mjs'

await runHeadless({
  root: path.resolve(import.meta.dirname, '..'),
  argv: process.argv.slice(2),
})
