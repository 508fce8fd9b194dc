import { lstat, readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'

import { protocol, type Session } from 'electron'

const scheme = 'mountbar-app'
const host = 'popover'

/** The page of the popover. A scheme of its own gives it an origin, which module scripts need and `file:` has not. */
export const popoverUrl = `${scheme}://${host}/index.html`

/** The page says the same of itself; from here it holds before the first byte is read. */
export const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'none'",
  "connect-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ')

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
}

/** To be called before the app is ready; later has no effect. */
export function registerPageScheme(): void {
  protocol.registerSchemesAsPrivileged([{ scheme, privileges: { standard: true, secure: true } }])
}

export function isOwnPage(url: string): boolean {
  return url.startsWith(`${scheme}://${host}/`)
}

/** Serves the files of `rendererDir`, and only those, to the windows of `session`. */
export function servePages(session: Session, rendererDir: string): Disposable {
  session.protocol.handle(scheme, (request) => answer(request, rendererDir))
  return { [Symbol.dispose]: () => session.protocol.unhandle(scheme) }
}

async function answer(request: Request, rendererDir: string): Promise<Response> {
  const name = fileNameOf(request)
  const type = name === undefined ? undefined : contentTypes[extname(name)]
  if (name === undefined || type === undefined) return refusal(404)
  const path = join(rendererDir, name)
  try {
    // The build makes no links; one would lead out of the folder.
    if (!(await lstat(path)).isFile()) return refusal(404)
    return new Response(await readFile(path), {
      headers: {
        'Content-Type': type,
        'Content-Security-Policy': contentSecurityPolicy,
        'X-Content-Type-Options': 'nosniff',
        'Cache-Control': 'no-store',
      },
    })
  } catch {
    return refusal(404)
  }
}

/** The build puts all files side by side, so a name with a folder in it is none of ours. */
function fileNameOf({ method, url }: Request): string | undefined {
  if (method !== 'GET') return undefined
  const address = new URL(url)
  const [, name] = /^\/([\w-][\w.-]*)$/.exec(address.pathname) ?? []
  return address.host === host ? name : undefined
}

function refusal(status: number): Response {
  return new Response(null, { status, headers: { 'Content-Security-Policy': contentSecurityPolicy } })
}
