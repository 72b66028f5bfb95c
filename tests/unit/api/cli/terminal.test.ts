import { describe, expect, it } from 'vitest'
import { createTerminal } from '../../../../src-main/api/cli/terminal'
import { VsrError } from '../../../../src-preload/contract/errors'

const setUp = (options: { json: boolean; isTTY?: boolean; columns?: number }) => {
  const out: string[] = []
  const err: string[] = []
  const terminal = createTerminal({
    json: options.json,
    stdout: {
      isTTY: options.isTTY ?? false,
      ...(options.columns === undefined ? {} : { columns: options.columns }),
      write: (text: string) => out.push(text),
    },
    stderr: { write: (text: string) => err.push(text) },
    debug: false,
  })
  return { terminal, stdout: () => out.join(''), stderr: () => err.join('') }
}

describe('the terminal', () => {
  it('prints JSON lines and nothing else on stdout in JSON mode', () => {
    const { terminal, stdout } = setUp({ json: true, isTTY: true })
    terminal.say('for people')
    terminal.progress('50 %')
    terminal.emit({ event: 'x', line: 'a\nb' })
    expect(stdout()).toBe('{"event":"x","line":"a\\nb"}\n')
  })

  it('writes a failure as `CODE: sentence` on stderr and as an object for scripts', () => {
    const { terminal, stdout, stderr } = setUp({ json: true })
    terminal.fail(new VsrError('not_a_url', '“x” is not a web address.', { hint: 'Paste a URL.' }))
    expect(stderr()).toBe('not_a_url: “x” is not a web address.\nPaste a URL.\n')
    expect(JSON.parse(stdout())).toEqual({
      event: 'error',
      code: 'not_a_url',
      message: '“x” is not a web address.',
      hint: 'Paste a URL.',
    })
  })

  it('shows a person no stack trace of a bug', () => {
    const { terminal, stderr } = setUp({ json: false })
    terminal.fail(new TypeError('x is not a function'))
    expect(stderr()).toMatch(/^internal: Something went wrong inside VSR\.\n/)
    expect(stderr()).not.toContain('TypeError')
    expect(stderr()).not.toContain('    at ')
  })

  it('ends the progress line before the next line', () => {
    const { terminal, stdout } = setUp({ json: false, isTTY: true })
    terminal.progress('50 %')
    terminal.say('done')
    expect(stdout()).toBe('\r\u001b[2K50 %\ndone\n')
  })

  it('draws no progress line into a file', () => {
    const { terminal, stdout } = setUp({ json: false })
    terminal.progress('50 %')
    expect(stdout()).toBe('')
  })

  it('cuts progress to the width of the terminal, to 80 where it tells none', () => {
    const { terminal, stdout } = setUp({ json: false, isTTY: true, columns: 0 })
    terminal.progress('recording · 00:09')
    expect(stdout()).toContain('00:09')
    const narrow = setUp({ json: false, isTTY: true, columns: 10 })
    narrow.terminal.progress('recording · 00:09')
    expect(narrow.stdout()).toMatch(/recording$/)
  })
})
