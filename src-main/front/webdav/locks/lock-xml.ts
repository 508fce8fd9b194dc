import type { Lock } from './lock-manager.ts'

/** The kinds of lock on offer, as an element in the default namespace `DAV:`. */
export const supportedLockXml = `<supportedlock>${['exclusive', 'shared']
  .map((scope) => `<lockentry><lockscope><${scope}/></lockscope><locktype><write/></locktype></lockentry>`)
  .join('')}</supportedlock>`

/** One `activelock`. No white space anywhere: macOS takes the first text after `locktoken` for the token. */
export function activeLockXml(
  lock: Pick<Lock, 'token' | 'scope' | 'depth' | 'ownerXml' | 'timeoutSec' | 'rootHref'>,
): string {
  return (
    '<activelock><locktype><write/></locktype>' +
    `<lockscope><${lock.scope}/></lockscope><depth>${lock.depth}</depth>${lock.ownerXml}` +
    `<timeout>Second-${lock.timeoutSec}</timeout><locktoken><href>${lock.token}</href></locktoken>` +
    `<lockroot><href>${lock.rootHref}</href></lockroot></activelock>`
  )
}

/** The body of an answer to LOCK. */
export function lockAnswerXml(lock: Parameters<typeof activeLockXml>[0]): string {
  return `<?xml version="1.0" encoding="utf-8"?>\n<prop xmlns="DAV:"><lockdiscovery>${activeLockXml(lock)}</lockdiscovery></prop>`
}
