import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { createInstanceLock } from '../../support/electron-host/host/lock'
import { HostMenu } from '../../support/electron-host/host/menu'
import { createSchemes } from '../../support/electron-host/host/schemes'
import { absent, onlyKnown, strict } from '../../support/electron-host/host/strict'

describe('schemes of the stand-in', () => {
  const schemes = createSchemes()
  schemes.register('app')

  it.each([
    ['app://vsr/index.html?a=1#b', 'https://vsr.app.electron-host.test/index.html?a=1#b'],
    ['app://vsr', 'https://vsr.app.electron-host.test'],
  ])('%s is %s to the page, and back', (own, shown) => {
    expect(schemes.toPage(own)).toBe(shown)
    expect(schemes.fromPage(shown)).toBe(own)
  })

  it.each(['https://example.test/', 'other://vsr/', 'about:blank', 'http://127.0.0.1:1/x'])(
    'leaves %s alone',
    (url) => {
      expect(schemes.toPage(url)).toBe(url)
      expect(schemes.fromPage(url)).toBe(url)
    },
  )
})

describe('menus of the stand-in', () => {
  it('clicks what a person could click, and nothing else', () => {
    const clicked: string[] = []
    const item = (label: string, enabled = true) => ({
      label,
      enabled,
      click: () => {
        clicked.push(label)
      },
    })
    const menu = new HostMenu([
      { label: 'Talk, 0:12', submenu: [item('Stop'), item('Save', false)] },
    ])
    menu.click(['Talk', 'Stop'])
    expect(clicked).toEqual(['Stop'])
    expect(() => {
      menu.click(['Talk', 'Save'])
    }).toThrow('is disabled')
    expect(() => {
      menu.click(['Walk'])
    }).toThrow('no menu item')
  })

  it('throws at what it would not show', () => {
    expect(() => new HostMenu([{ label: 'x', type: 'checkbox' }])).toThrow('does not implement')
    expect(() => new HostMenu([{}])).toThrow('Invalid template')
  })
})

describe('what the stand-in does not have', () => {
  it('throws at its use, with its name', () => {
    const api = strict('app', { quit: () => 'quit' })
    expect(api.quit()).toBe('quit')
    expect(() => Reflect.get(api, 'relaunch')).toThrow(
      'electron-host does not implement app.relaunch',
    )
    expect(() => Reflect.set(api, 'quit', 1)).toThrow('does not implement setting app.quit')
    expect(() => Reflect.get(absent('screen'), 'on')).toThrow('does not implement screen.on')
    expect(() => {
      onlyKnown('BrowserWindow', { frame: false }, new Set(['width']))
    }).toThrow('does not implement BrowserWindow.frame')
  })
})

describe('the single-instance lock of the stand-in', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'vsr-lock-'))
  const locks: { release(): void }[] = []
  const make = (onHandOver: (argv: readonly string[]) => void = () => {}) => {
    const lock = createInstanceLock({ folder, onHandOver: ({ argv }) => onHandOver(argv) })
    locks.push(lock)
    return lock
  }
  afterEach(() => {
    for (const lock of locks.splice(0)) lock.release()
    rmSync(folder, { recursive: true, force: true })
  })
  const message = { argv: ['electron', 'https://x.test/'], cwd: '/', additionalData: {} }

  it('gives the lock to one and the arguments of the next to it', async () => {
    const handed = new Promise<readonly string[]>((resolve) => {
      expect(make(resolve).claim(message)).toBe(true)
    })
    const second = make()
    expect(second.claim(message)).toBe(false)
    expect(second.isHeld()).toBe(false)
    expect(await handed).toEqual(message.argv)
  })

  it('takes over from a process that is gone', () => {
    const first = make()
    first.claim(message)
    first.release()
    // No process has this id: it is above every system's highest.
    writeFileSync(path.join(folder, 'electron-host.lock'), '999999999')
    expect(make().claim(message)).toBe(true)
  })
})
