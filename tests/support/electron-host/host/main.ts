// Runs the built application under plain Node: `node main.js <application folder> --user-data-dir=DIR [arguments]`.
import { register } from 'node:module'
import { pathToFileURL } from 'node:url'
import { serveControl } from './control'
import { host } from './host'

const HOOKS = `
let target
export function initialize(data) { target = data }
export function resolve(specifier, context, next) {
  return specifier === 'electron' ? { url: target, shortCircuit: true } : next(specifier, context)
}`

register(`data:text/javascript,${encodeURIComponent(HOOKS)}`, {
  data: new URL('./electron.js', import.meta.url).href,
})
serveControl(host)
// Node keeps going while there is no window and no timer, because the control channel is open; Electron does so anyway.
await import(pathToFileURL(host.mainFile()).href)
host.app.becomeReady()
