import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { findTool } from '../../../build/setup/find-tool.mjs'
import { tempDirForTest } from '../../support/temp-dir'

function folderWith(names: Readonly<Record<string, number>>): string {
  const dir = tempDirForTest()
  for (const [name, mode] of Object.entries(names)) {
    writeFileSync(path.join(dir, name), '')
    chmodSync(path.join(dir, name), mode)
  }
  return dir
}

describe('findTool', () => {
  it('S40 takes the first program on PATH', () => {
    const first = folderWith({ ffmpeg: 0o755 })
    const second = folderWith({ ffmpeg: 0o755 })
    const PATH = [first, second].join(path.delimiter)
    expect(findTool({ name: 'ffmpeg', env: { PATH } })).toBe(path.join(first, 'ffmpeg'))
  })

  it('passes over folders and over files that are no programs', () => {
    const dir = folderWith({ 'yt-dlp': 0o644 })
    mkdirSync(path.join(dir, 'ffmpeg'))
    const env = { PATH: dir }
    expect(findTool({ name: 'yt-dlp', env, places: [] })).toBeUndefined()
    expect(findTool({ name: 'ffmpeg', env, places: [] })).toBeUndefined()
  })

  it('S40 a configured path goes first and is never replaced by another program', () => {
    const onPath = folderWith({ ffmpeg: 0o755 })
    const configured = path.join(folderWith({ mine: 0o755 }), 'mine')
    const env = { PATH: onPath, VSR_FFMPEG: configured }
    expect(findTool({ name: 'ffmpeg', env })).toBe(configured)
    expect(findTool({ name: 'ffmpeg', env: { ...env, VSR_FFMPEG: `${configured}x` } })).toBe(
      undefined,
    )
    expect(findTool({ name: 'ffmpeg', env: { ...env, VSR_FFMPEG: '' } })).toBe(
      path.join(onPath, 'ffmpeg'),
    )
  })

  it('takes nothing from the current folder by an empty or relative PATH entry', () => {
    expect(findTool({ name: 'ffmpeg', env: { PATH: `${path.delimiter}.` }, places: [] })).toBe(
      undefined,
    )
  })

  it('looks where the platform puts servers and browsers', () => {
    const places = [folderWith({ nginx: 0o755, 'Google Chrome': 0o755 })]
    expect(findTool({ name: 'nginx', env: { PATH: '' }, places })).toMatch(/nginx$/)
    const env = { PATH: '' }
    expect(findTool({ name: 'chromium', env, places, platform: 'darwin' })).toMatch(/Chrome$/)
    expect(findTool({ name: 'chromium', env, places, platform: 'linux' })).toBeUndefined()
  })
})
