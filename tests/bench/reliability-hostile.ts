// HOSTILE: playlists, addresses and names of files that somebody has made to break VSR, or to get at what is not theirs.
import { createServer } from 'node:http'
import type { AddressInfo, LookupFunction } from 'node:net'
import type { ResourceKind } from '../../src-main/fetch/http'
import { createHttpClient } from '../../src-main/fetch/http-client'
import { partsBelowFolder, urlOfName } from '../../src-main/importing/folder-path'
import { VsrError } from '../../src-preload/contract/errors'
import { hlsFixtures } from '../support/hls-fixtures'
import { parseMutated } from '../support/hostile-playlists'
import { benchOptions } from './support/bench-options'
import { report } from './support/report'

const playlists = benchOptions().number('playlists', { full: 200_000, quick: 5000 })
const none = { text: '0', limit: 0 }

/** This machine by other names, as a public source could send VSR to them. */
const hosts = [
  '127.0.0.1',
  '127.1',
  '0177.0.0.1',
  '0x7f.1',
  '0x7f000001',
  '2130706433',
  '0.0.0.0',
  'localhost',
  'localhost.',
  'a.localhost',
  '[::1]',
  '[::]',
  '[::ffff:127.0.0.1]',
  '[::127.0.0.1]',
  '[64:ff9b::127.0.0.1]',
  'rebind.example',
]
const kinds: readonly ResourceKind[] = ['page', 'playlist', 'segment', 'init', 'key']

/** Every name leads to this machine, as after a DNS rebinding. */
const toLoopback: LookupFunction = (_hostname, options, callback) =>
  options.all === true
    ? callback(null, [{ address: '127.0.0.1', family: 4 }])
    : callback(null, '127.0.0.1', 4)

/** Asks for each address as what belongs to a public source. @returns connections that came, and answers other than a refusal with a code. */
async function knock(): Promise<{ asked: number; connections: number; unexplained: number }> {
  let connections = 0
  const trap = createServer((_request, response) => response.end('secret'))
  trap.on('connection', () => {
    connections += 1
  })
  await new Promise<void>((resolve) => {
    trap.listen(0, '127.0.0.1', resolve)
  })
  // Listening on a port, its address has one.
  const { port } = trap.address() as AddressInfo
  const http = createHttpClient({ lookup: toLoopback })
  const { signal } = new AbortController()
  const urls = [
    ...hosts.map((host) => `http://${host}:${port}/`),
    'file:///etc/passwd',
    'data:text/plain,x',
    `ftp://127.0.0.1:${port}/`,
  ]
  let asked = 0
  let unexplained = 0
  for (const url of urls) {
    for (const kind of kinds) {
      asked += 1
      try {
        await http.bytes({ url, kind, allowPrivateNetwork: false, signal })
        unexplained += 1
      } catch (error) {
        if (!(error instanceof VsrError)) unexplained += 1
      }
    }
  }
  http.close()
  trap.closeAllConnections()
  trap.close()
  return { asked, connections, unexplained }
}

/** Names in a playlist of an imported folder that lead out of it. */
const waysOut = [
  '../a.ts',
  'sub/../../a.ts',
  '%2e%2e/a.ts',
  '%2e%2e%2fa.ts',
  '..%2fa.ts',
  '..%5ca.ts',
  '..\\a.ts',
  'a%00.ts',
  'a%zz.ts',
  '/etc/passwd',
  'file:///etc/passwd',
  '//elsewhere.example/import/a.ts',
  'http://folder.invalid:81/import/a.ts',
  'http://user@folder.invalid/import/a.ts',
  'https://folder.invalid/import/a.ts',
  'sub//a.ts',
  'sub/',
]
const taken = waysOut.filter(
  (name) => partsBelowFolder(new URL(name, urlOfName('main.m3u8')).href) !== undefined,
)

const account = parseMutated(playlists, Date.now() % 2 ** 31)
for (const text of [...account.crashes, ...account.wrong].slice(0, 5)) console.error(text)
const knocked = await knock()
report({
  row: 'HOSTILE',
  title: 'hostile sources',
  method: `The ${hlsFixtures.length} playlists of tests/fixtures, each time with other edits: torn lines, numbers beyond all bounds, names such as \`__proto__\`, addresses of other kinds. Then this machine under ${hosts.length} names and spellings, a DNS rebinding among them, and other schemes, asked for as page, playlist, segment, initialization section and key of a public source, with a server that waits for connections. Then names that lead out of a folder that is imported.`,
  measurements: [
    { work: 'playlists', unit: '', vsr: playlists },
    { work: 'of those read', unit: '', vsr: account.read },
    { work: 'crashes of the parser', unit: '', vsr: account.crashes.length, bar: none },
    {
      work: 'with impossible numbers, or addresses that are not http(s)',
      unit: '',
      vsr: account.wrong.length,
      bar: none,
    },
    {
      work: 'the slowest',
      unit: 'ms',
      vsr: account.slowestMs,
      bar: { text: '< 1000 ms', limit: 1000 },
    },
    { work: 'changes of Object.prototype', unit: '', vsr: account.pollution.length, bar: none },
    { work: 'addresses asked for', unit: '', vsr: knocked.asked },
    { work: 'connections made', unit: '', vsr: knocked.connections, bar: none },
    { work: 'answers, or errors without a code', unit: '', vsr: knocked.unexplained, bar: none },
    { work: 'ways out of a folder', unit: '', vsr: waysOut.length },
    { work: 'taken', unit: '', vsr: taken.length, bar: none },
  ],
})
