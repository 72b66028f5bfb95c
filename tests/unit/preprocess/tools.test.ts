import { describe, expect, it } from 'vitest'
import { createTools, installHint } from '../../../src-main/preprocess/tools'

describe('installHint', () => {
  it('names what to type on each platform, and the variable', () => {
    expect(installHint('ffmpeg', 'linux')).toBe(
      'Install it with `sudo apt-get install ffmpeg`, or set VSR_FFMPEG to its path.',
    )
    expect(installHint('yt-dlp', 'darwin')).toContain('`brew install yt-dlp`')
    expect(installHint('ffmpeg', 'win32')).toContain('`winget install Gyan.FFmpeg`')
    expect(installHint('ffprobe', 'linux')).toContain('`sudo apt-get install ffmpeg`')
  })
})

describe('createTools', () => {
  it('F46 finds nothing on an empty PATH, and reports what to do', async () => {
    const tools = createTools({ env: { PATH: '' } })
    expect(await tools.ffmpeg()).toBeUndefined()
    const report = await tools.report()
    expect(report.map(({ name }) => name)).toEqual(['ffmpeg', 'ffprobe', 'yt-dlp'])
    for (const { version, problem } of report) {
      expect(version).toBeUndefined()
      expect(problem).toMatch(/^Not found\. Install it/)
    }
  })
})
