import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { CDPSession } from 'playwright'
import { encodeWire } from '../wire'
import type { InvokeResult } from './ipc-main'

const WORLD = 'electron-host-preload'

export interface PreloadWorld {
  /** Delivers a message to the page's ipcRenderer listeners; dropped while no document has one, as in Electron. */
  send(channel: string, args: readonly unknown[]): void
}

/** Lets the preload run in an isolated world before the scripts of every document, and connects it with `invoke`. */
export async function installPreload(options: {
  cdp: CDPSession
  preloadFile: string | undefined
  invoke: (channel: string, args: string) => Promise<InvokeResult>
}): Promise<PreloadWorld> {
  const { cdp, preloadFile, invoke } = options
  const secret = randomBytes(12).toString('hex')
  const binding = `host_${secret}`
  const deliver = `deliver_${secret}`
  let current: number | undefined

  const call = (context: number, method: 'reply' | 'message', args: readonly unknown[]) => {
    const list = args.map((argument) => JSON.stringify(argument)).join(', ')
    cdp
      .send('Runtime.evaluate', {
        contextId: context,
        expression: `globalThis[${JSON.stringify(deliver)}].${method}(${list})`,
      })
      // The document may be gone by now; its answer goes with it.
      .catch((error: unknown) => {
        if (!/context|closed/i.test(String(error))) console.error('electron-host:', error)
      })
  }

  cdp.on('Runtime.executionContextCreated', ({ context }) => {
    if (context.name === WORLD) current = context.id
  })
  cdp.on('Runtime.executionContextDestroyed', ({ executionContextId }) => {
    if (current === executionContextId) current = undefined
  })
  cdp.on('Runtime.executionContextsCleared', () => {
    current = undefined
  })
  cdp.on('Runtime.bindingCalled', ({ name, payload, executionContextId }) => {
    if (name !== binding) return
    // Written by page/preload-world.ts.
    const message = JSON.parse(payload) as {
      kind: string
      id: number
      channel: string
      args: string
    }
    if (message.kind !== 'invoke') {
      console.error('electron-host does not implement ipcRenderer.send')
      return
    }
    void invoke(message.channel, message.args).then((result) => {
      call(executionContextId, 'reply', [
        message.id,
        result.ok,
        result.ok ? result.payload : result.message,
      ])
    })
  })

  await cdp.send('Runtime.enable')
  await cdp.send('Page.enable')
  if (preloadFile !== undefined) {
    await cdp.send('Runtime.addBinding', { name: binding, executionContextName: WORLD })
    const names = { toMain: `main_${secret}`, toPreload: `preload_${secret}` }
    const config = {
      ...names,
      binding,
      deliver,
      platform: process.platform,
      versions: { electron: process.versions.electron, chrome: process.versions.chrome },
    }
    await cdp.send('Page.addScriptToEvaluateOnNewDocument', {
      source: `(() => { ${pageScript('main-world')}; mainWorld.installMainWorld(${JSON.stringify(names)}) })()`,
    })
    await cdp.send('Page.addScriptToEvaluateOnNewDocument', {
      worldName: WORLD,
      source: `(() => {
        if (window.top !== window.self) return
        ${pageScript('preload-world')}
        const host = preloadWorld.installPreloadWorld(${JSON.stringify(config)})
        const module = { exports: {} }
        ;((require, module, exports, process) => { ${readFileSync(preloadFile, 'utf8')}
        })(host.require, module, module.exports, host.process)
      })()`,
    })
  }

  return {
    send: (channel, args) => {
      const payload = encodeWire(args)
      if (current !== undefined) call(current, 'message', [channel, payload])
    },
  }
}

function pageScript(name: string): string {
  return readFileSync(path.join(import.meta.dirname, `${name}.js`), 'utf8')
}
