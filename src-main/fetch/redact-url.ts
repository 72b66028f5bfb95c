/** Scheme, host and path of a URL: without userinfo, query and fragment, where secrets are (SECURITY S35). For sentences, logs and what is kept on disk. */
export function redactUrl(url: string): string {
  if (!URL.canParse(url)) return '(unreadable address)'
  const { protocol, host, pathname } = new URL(url)
  return `${protocol}//${host}${pathname}`
}
