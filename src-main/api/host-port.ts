/** What the dispatcher needs to know of the host it runs in. */
export interface HostPort {
  readonly kind: 'desktop' | 'server'
  /** The local server as it truly listens, with a trailing slash. */
  serverUrl(): string
  /** What a player has to send with media requests; undefined where no token is asked for. */
  readonly mediaToken: string | undefined
  /** Shows a file in the file manager; absent where there is none. */
  readonly revealFile?: (path: string) => Promise<void>
}
