/**
 * Chromium knows no schemes but its own, and Electron's way to add some is not open from outside. So a page of `scheme://host/path` is at
 * `https://host.scheme.stand-in/path` here, where every request is answered by the app's own handler; the app sees its own URLs only.
 */
const suffix = '.stand-in'
const ownSchemes = new Set([
  'http:',
  'https:',
  'about:',
  'data:',
  'blob:',
  'file:',
  'ws:',
  'wss:',
  'devtools:',
])

export function toPageUrl(appUrl: string): string {
  const url = new URL(appUrl)
  if (ownSchemes.has(url.protocol)) return appUrl
  const [, scheme = '', host = '', rest = ''] = /^([^:]+):\/\/([^/?#]*)(.*)$/.exec(appUrl) ?? []
  if (host === '') throw new Error(`the Electron stand-in needs a host in ${appUrl}`)
  return `https://${host}.${scheme}${suffix}${rest === '' ? '/' : rest}`
}

export function toAppUrl(pageUrl: string): string {
  const match = /^https:\/\/(.+)\.([^./]+)\.stand-in(\/.*|$)/.exec(pageUrl)
  if (match === null) return pageUrl
  const [, host = '', scheme = '', rest = ''] = match
  return `${scheme}://${host}${rest}`
}
