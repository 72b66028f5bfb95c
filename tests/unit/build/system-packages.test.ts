import { chmodSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { nodeProblem } from '../../../build/setup/node-version.mjs'
import { aptPrefix, installCommand, packageManager } from '../../../build/setup/system-packages.mjs'
import { tempDirForTest } from '../../support/temp-dir'

describe('node version', () => {
  it('names what is needed and what is there', () => {
    expect(['20.19.0', '20.20.2', '22.0.0', '30.1.0'].map(nodeProblem)).toEqual(
      Array.from({ length: 4 }, () => undefined),
    )
    expect(nodeProblem('20.18.9')).toContain('needs Node.js 20.19 or newer; this is 20.18.9')
    expect(nodeProblem('18.20.0')).toBeDefined()
  })
})

describe('the command to type', () => {
  const missing = ['ffmpeg', 'ffprobe', 'chromium'] as const

  it('names each package once', () => {
    expect(installCommand({ manager: 'apt-get', missing })).toBe(
      'sudo apt-get install -y ffmpeg chromium',
    )
    expect(installCommand({ manager: 'pacman', missing })).toBe(
      'sudo pacman -S --needed ffmpeg chromium',
    )
  })

  it('keeps options with their own package', () => {
    expect(installCommand({ manager: 'brew', missing })).toBe(
      'brew install ffmpeg && brew install --cask google-chrome',
    )
    expect(installCommand({ manager: 'winget', missing })).toBe(
      'winget install -e --id Gyan.FFmpeg && winget install -e --id Google.Chrome',
    )
  })

  it('is one of this platform', () => {
    const only = (program: string) => (name: string) => name === program
    expect(packageManager({ platform: 'darwin', hasProgram: only('apt-get') })).toBe('brew')
    expect(packageManager({ platform: 'win32', hasProgram: only('') })).toBe('winget')
    expect(packageManager({ platform: 'linux', hasProgram: only('dnf') })).toBe('dnf')
    expect(packageManager({ platform: 'linux', hasProgram: only('pacman') })).toBe('pacman')
  })
})

describe.skipIf(process.platform === 'win32')('installing without asking', () => {
  const debian = 'NAME="Debian GNU/Linux"\nID=debian\n'
  const pathWith = (programs: Readonly<Record<string, string>>) => {
    const dir = tempDirForTest()
    for (const [name, script] of Object.entries(programs)) {
      writeFileSync(path.join(dir, name), `#!/bin/sh\n${script}\n`)
      chmodSync(path.join(dir, name), 0o755)
    }
    return { PATH: dir }
  }

  it('is done as root and with a sudo that asks nothing', async () => {
    const root = { env: pathWith({ 'apt-get': '' }), osRelease: debian, uid: 0 }
    expect(await aptPrefix(root)).toEqual([])
    const env = pathWith({ 'apt-get': '', sudo: '[ "$*" = "-n true" ]' })
    expect(await aptPrefix({ env, osRelease: debian, uid: 1000 })).toEqual(['sudo', '-n'])
    expect(
      await aptPrefix({ ...root, osRelease: 'ID=linuxmint\nID_LIKE="ubuntu debian"' }),
    ).toEqual([])
  })

  it('is not done where a password would be asked for, nor on other systems', async () => {
    const asking = pathWith({ 'apt-get': '', sudo: 'exit 1' })
    expect(await aptPrefix({ env: asking, osRelease: debian, uid: 1000 })).toBeUndefined()
    const withoutSudo = pathWith({ 'apt-get': '' })
    expect(await aptPrefix({ env: withoutSudo, osRelease: debian, uid: 1000 })).toBeUndefined()
    expect(await aptPrefix({ env: withoutSudo, osRelease: 'ID=fedora', uid: 0 })).toBeUndefined()
    expect(await aptPrefix({ env: pathWith({}), osRelease: debian, uid: 0 })).toBeUndefined()
  })
})
