import { createHash, timingSafeEqual } from 'node:crypto'

const scheme = 'Bearer '

/**
 * A check of `Authorization` headers. It takes as long for a token that is almost right as for one that is all wrong: hashes are
 * compared, so that not even the length shows.
 */
export function createBearerCheck(token: string): (authorization: string | undefined) => boolean {
  const expected = digestOf(token)
  return (authorization = '') => {
    const isRight = timingSafeEqual(digestOf(authorization.slice(scheme.length)), expected)
    return isRight && authorization.startsWith(scheme)
  }
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
