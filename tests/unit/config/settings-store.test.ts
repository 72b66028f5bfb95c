import { describe, expect, it } from 'vitest'
import { openSettings } from '../../../src-main/config/settings-store'
import { silentLogger } from '../../../src-main/ports/logger'
import { type Settings, settingsSchema } from '../../../src-preload/contract/model'
import { createMemoryFilePort, type MemoryFilePort } from '../../support/memory-file-port'

const file = '/library/settings.json'
const defaults = settingsSchema.parse({})
const open = (files: MemoryFilePort, mode: 'write' | 'read' = 'write') =>
  openSettings({ file, mode, logger: silentLogger, files })
const disk = (content?: string): MemoryFilePort => {
  const files = createMemoryFilePort()
  files.poke('/library/.keep', Buffer.alloc(0))
  if (content !== undefined) files.poke(file, Buffer.from(content))
  return files
}

describe('settings', () => {
  it('start with the defaults, keep what is set, and tell of it', async () => {
    const files = disk()
    const settings = await open(files)
    expect(settings.get()).toEqual(defaults)
    const seen: Settings[] = []
    const end = settings.onChange((value) => seen.push(value))
    await Promise.all([settings.set({ theme: 'dark' }), settings.set({ parallelDownloads: 5 })])
    end()
    const all = await settings.set({ quality: '720p' })
    expect(all).toEqual({ ...defaults, theme: 'dark', parallelDownloads: 5, quality: '720p' })
    expect(seen.map(({ theme, parallelDownloads }) => [theme, parallelDownloads])).toEqual([
      ['dark', 3],
      ['dark', 5],
    ])
    expect((await open(files.crash('unsynced-lost'))).get()).toEqual(all)
  })

  it('takes a file that knows only some of the settings', async () => {
    expect((await open(disk('{"theme":"light"}'))).get()).toEqual({ ...defaults, theme: 'light' })
  })

  it.each(['', '{', '\0\0\0\0', '{"theme":"pink"}', '[]'])(
    'F37 a broken file (%j) gives the defaults and is kept aside',
    async (content) => {
      const files = disk(content)
      expect((await open(files)).get()).toEqual(defaults)
      expect(files.peek(`${file}.bad`)?.toString()).toBe(content)
    },
  )

  it('read mode never writes', async () => {
    const files = disk('{')
    const settings = await open(files, 'read')
    expect(settings.get()).toEqual(defaults)
    await expect(settings.set({ theme: 'dark' })).rejects.toMatchObject({
      code: 'library_unwritable',
    })
    expect(files.operations).toBe(0)
  })

  it('F31 a change that could not be stored is not in force', async () => {
    const files = disk()
    const settings = await open(files)
    files.before = () => 'ENOSPC'
    await expect(settings.set({ theme: 'dark' })).rejects.toMatchObject({ code: 'disk_full' })
    expect(settings.get()).toEqual(defaults)
    files.before = () => undefined
    expect(await settings.set({ closeToTray: false })).toEqual({ ...defaults, closeToTray: false })
  })

  it('refuse a folder for exports that depends on where VSR was started', async () => {
    const settings = await open(disk())
    for (const exportsDir of ['clips', '../clips', './clips', '/a\0b']) {
      await expect(settings.set({ exportsDir })).rejects.toMatchObject({ code: 'bad_request' })
    }
    expect(settings.get()).toEqual(defaults)
    expect(await settings.set({ exportsDir: '/clips' })).toMatchObject({ exportsDir: '/clips' })
    expect(await settings.set({ exportsDir: '' })).toEqual(defaults)
  })
})
