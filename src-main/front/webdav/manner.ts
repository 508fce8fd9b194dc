/**
 * How a front speaks to a client. `macos` is shaped to what macOS's own WebDAV client makes of an answer;
 * `standard` follows RFC 4918 to the letter.
 */
export type Manner = 'macos' | 'standard'

/**
 * First match wins. macOS's agent promises a User-Agent that starts with `WebDAVFS/`; other programs have borrowed that
 * word, but none of them says `Darwin/` as well.
 */
const manners: readonly { readonly manner: Manner; readonly userAgent: RegExp }[] = [
  { manner: 'macos', userAgent: /^WebDAVFS\/.*Darwin\// },
  { manner: 'standard', userAgent: /^/ },
]

export function mannerFor(userAgent: string | undefined): Manner {
  return manners.find((row) => row.userAgent.test(userAgent ?? ''))?.manner ?? 'standard'
}
