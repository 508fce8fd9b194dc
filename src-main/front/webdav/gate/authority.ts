import { HttpRefusal } from '../refusal.ts'

/**
 * Splits a request target or `Destination` in absolute form from its authority. A path alone has none.
 * @throws HttpRefusal 400 for anything else, `*` included.
 */
export function splitAuthority(uri: string): {
  readonly authority: string | undefined
  readonly pathAndQuery: string
} {
  if (uri.startsWith('/')) return { authority: undefined, pathAndQuery: uri }
  const match = /^http:\/\/([^/?#]+)(\/.*)?$/i.exec(uri)
  if (match === null) throw new HttpRefusal(400)
  return { authority: match[1], pathAndQuery: match[2] ?? '/' }
}

/**
 * True when `authority` names this very listener. A page on another host name that resolves to 127.0.0.1 sends its own name
 * here, so this is what keeps DNS rebinding out.
 */
export function isOurs(authority: string | undefined, port: number): boolean {
  const name = authority?.toLowerCase()
  return name === `127.0.0.1:${port}` || name === `localhost:${port}`
}
