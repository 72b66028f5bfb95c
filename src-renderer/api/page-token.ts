const STORAGE_KEY = 'vsr-token'

/**
 * The token that came with the page's address (`?token=…`). It is kept for reloads of this tab and
 * taken out of the address bar, so that it is not shared by copying the address.
 */
export function takePageToken(options: {
  href: string
  storage: Pick<Storage, 'getItem' | 'setItem'>
  replaceAddress: (href: string) => void
}): string | undefined {
  const url = new URL(options.href)
  const fromAddress = url.searchParams.get('token')
  if (fromAddress === null) return options.storage.getItem(STORAGE_KEY) ?? undefined
  options.storage.setItem(STORAGE_KEY, fromAddress)
  url.searchParams.delete('token')
  options.replaceAddress(url.href)
  return fromAddress
}
