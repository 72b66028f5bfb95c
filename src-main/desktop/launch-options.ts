/** What the desktop application was started with. Switches of Chromium and Electron pass by unread. */
export interface LaunchOptions {
  /** What to record, exactly as typed; from a `vsr:` link when `fromLink` is set. */
  readonly url: string | undefined
  readonly fromLink: boolean
  readonly libraryDir: string | undefined
  readonly port: number | undefined
}

const DEFAULT_PORT = 8787

/** Reads `[URL] [--library DIR] [--port N]` in any order; both `--name value` and `--name=value`. */
export function readLaunchOptions(argv: readonly string[]): LaunchOptions {
  const valueOf = (name: string): string | undefined => {
    const joined = argv.find((argument) => argument.startsWith(`${name}=`))
    if (joined !== undefined) return joined.slice(name.length + 1)
    const at = argv.indexOf(name)
    return at === -1 ? undefined : argv[at + 1]
  }
  const typed = argv.find((argument) => /^(https?:\/\/|demo:)/i.test(argument))
  const link = argv.map(urlOfLink).find((url) => url !== undefined)
  return {
    url: typed ?? link,
    fromLink: typed === undefined && link !== undefined,
    libraryDir: valueOf('--library') || undefined,
    port: readPort(valueOf('--port')),
  }
}

/** The stream that a `vsr://record?url=…` link names, or undefined for anything else. */
export function urlOfLink(link: string): string | undefined {
  if (!/^vsr:/i.test(link) || !URL.canParse(link)) return undefined
  const parsed = new URL(link)
  const action = parsed.host || parsed.pathname.replace(/^\/+/, '')
  const url = parsed.searchParams.get('url')
  return action === 'record' && url !== null && /^https?:\/\//i.test(url) ? url : undefined
}

/** The port to try first; the local server takes another one where it is taken. */
export function preferredPort(options: LaunchOptions, env: NodeJS.ProcessEnv): number {
  return options.port ?? readPort(env.VSR_PORT) ?? DEFAULT_PORT
}

function readPort(text: string | undefined): number | undefined {
  if (text === undefined || !/^\d{1,5}$/.test(text)) return undefined
  const port = Number(text)
  return port <= 65_535 ? port : undefined
}
