import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/** What ties an authorization code to the program that asked for it (RFC 7636). */
export interface Pkce {
  /** Secret until the code is exchanged: 256 random bits. */
  readonly verifier: string
  /** Its SHA-256, which everybody may see. */
  readonly challenge: string
}

export function createPkce(): Pkce {
  const verifier = randomBytes(32).toString('base64url')
  return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') }
}

/** What a callback has to repeat, so that nobody else's is taken for it: 256 random bits. */
export function createOauthState(): string {
  return randomBytes(32).toString('base64url')
}

/** Takes the same time wherever the two differ, and whatever their lengths. */
export function isSameSecret(left: string, right: string): boolean {
  const [a, b] = [left, right].map((text) => createHash('sha256').update(text).digest())
  return a !== undefined && b !== undefined && timingSafeEqual(a, b)
}
