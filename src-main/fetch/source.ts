/** What the pre-processor makes of a pasted URL: something the recorder can record. */
export interface Source {
  /** Multivariant or media playlist, http(s). */
  readonly playlistUrl: string
  /** Sent with every request to the playlist's own origin, never across origins. */
  readonly headers: Readonly<Record<string, string>>
  readonly title: string
  /** Loopback and LAN addresses may be connected to: only where the person typed such a URL (SECURITY S13). */
  readonly allowPrivateNetwork: boolean
}

/** Resolves the pasted URL once more: after expiry, an outage, a restart. Throws VsrError. */
export type ResolveSource = (signal: AbortSignal) => Promise<Source>
