import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { interfaceHeaders, listInterfaceFiles } from '../../../src-main/desktop/interface-files'

describe('the files of the interface', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'vsr-interface-'))
  beforeAll(() => {
    mkdirSync(path.join(folder, 'assets'))
    writeFileSync(path.join(folder, 'index.html'), '')
    writeFileSync(path.join(folder, 'assets/index-1.js'), '')
    writeFileSync(path.join(folder, 'assets/index-1.js.map'), '')
  })
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true })
  })

  it('are known by exact path, and only of types that an interface has', async () => {
    const files = await listInterfaceFiles(folder)
    expect([...files.keys()].sort()).toEqual(['/', '/assets/index-1.js', '/index.html'])
    expect(files.get('/')?.file).toBe(path.join(folder, 'index.html'))
    expect(files.get('/assets/index-1.js')?.contentType).toContain('javascript')
  })

  it.each(['/../package.json', '/assets/../index.html', '/%2e%2e/x', '/assets', ''])(
    'do not include %s',
    async (urlPath) => {
      expect((await listInterfaceFiles(folder)).get(urlPath)).toBeUndefined()
    },
  )
})

describe('S26 the content security policy', () => {
  const policy = interfaceHeaders('text/html', 'http://127.0.0.1:8787/')['content-security-policy']

  it('allows nothing by default, no inline script, and media from the local server alone', () => {
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("script-src 'self';")
    expect(policy).toContain("connect-src 'self' http://127.0.0.1:8787;")
    expect(policy).not.toContain('unsafe')
    expect(policy).not.toContain('*')
  })
})
