/** Where the interface lives in the window: a standard, secure scheme of our own, never `file:` (S32). */
export const APP_SCHEME = 'app'
const APP_HOST = 'vsr'
export const APP_ORIGIN = `${APP_SCHEME}://${APP_HOST}`
export const APP_START_URL = `${APP_ORIGIN}/index.html`

/** True for a page of our own interface; false for anything else, text that is no URL included. */
export function isAppUrl(url: string): boolean {
  if (!URL.canParse(url)) return false
  const parsed = new URL(url)
  return (
    parsed.protocol === `${APP_SCHEME}:` &&
    parsed.host === APP_HOST &&
    parsed.username === '' &&
    parsed.password === ''
  )
}

/** Links leave the window for the person's browser only as https (S30): `file:`, `smb:` and the like start programs. */
export function mayOpenExternally(url: string): boolean {
  return URL.canParse(url) && new URL(url).protocol === 'https:'
}
