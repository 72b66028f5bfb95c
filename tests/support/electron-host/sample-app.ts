import { writeFileSync } from 'node:fs'
import path from 'node:path'

const MAIN = `
import { app, BrowserWindow, dialog, ipcMain, protocol, shell } from 'electron'
import path from 'node:path'

protocol.registerSchemesAsPrivileged([{ scheme: 'app', privileges: { standard: true, secure: true } }])
if (!app.requestSingleInstanceLock()) app.exit(0)
app.on('second-instance', (event, argv) => console.log('second-instance', argv.at(-1)))
for (const name of ['before-quit', 'will-quit', 'quit', 'window-all-closed']) {
  app.on(name, () => console.log(name))
}
app.on('web-contents-created', (event, contents) => {
  contents.on('will-navigate', (event, url) => { console.log('will-navigate', url); event.preventDefault() })
  contents.setWindowOpenHandler(({ url }) => { shell.openExternal(url); return { action: 'deny' } })
})
app.whenReady().then(async () => {
console.log('ready')
protocol.handle('app', (request) => new Response(
  request.url.endsWith('.js')
    ? 'window.seen = sample.add(1, 2); sample.onPing((value) => { window.pinged = value })'
    : '<!doctype html><title>sample</title><script src="/page.js"></script>',
  { headers: {
    'content-type': request.url.endsWith('.js') ? 'text/javascript' : 'text/html',
    'content-security-policy': "default-src 'self'; connect-src http://127.0.0.1:*",
  } },
))
ipcMain.handle('echo', (event, value) => value)
ipcMain.handle('sender', (event) => ({ url: event.senderFrame.url, origin: event.senderFrame.origin }))
ipcMain.handle('fail', () => { throw new TypeError('no good') })
ipcMain.handle('function', () => () => 1)
const window = new BrowserWindow({ webPreferences: { preload: path.join(app.getAppPath(), 'preload.cjs') } })
await window.loadURL('app://sample/index.html')
window.webContents.send('ping', { at: new Date(5) })
})
`

const PRELOAD = `
const { contextBridge, ipcRenderer } = require('electron')
contextBridge.exposeInMainWorld('sample', {
  add: (a, b) => a + b,
  invoke: (channel, value) => ipcRenderer.invoke(channel, value),
  onPing: (listener) => {
    const handle = (event, value) => listener(value)
    ipcRenderer.on('ping', handle)
    return () => ipcRenderer.removeListener('ping', handle)
  },
  missing: () => ipcRenderer.sendSync('x'),
  requireFs: () => require('fs'),
})
`

/** Writes a small Electron application for the tests of the stand-in itself. */
export function writeSampleApp(folder: string): void {
  writeFileSync(
    path.join(folder, 'package.json'),
    JSON.stringify({ name: 'sample', version: '1.2.3', type: 'module', main: 'main.js' }),
  )
  writeFileSync(path.join(folder, 'main.js'), MAIN)
  writeFileSync(path.join(folder, 'preload.cjs'), PRELOAD)
}
