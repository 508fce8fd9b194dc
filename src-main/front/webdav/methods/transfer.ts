import { isAppError } from '../../../shared/errors.ts'
import { isWithin } from '../../vfs/path.ts'
import type { Exchange } from '../exchange.ts'
import type { Target } from '../gate/request-target.ts'
import { HttpRefusal } from '../refusal.ts'

/** The two ends of a COPY or MOVE. */
export interface Transfer {
  readonly to: Target
  readonly overwrite: boolean
}

/**
 * Reads `Destination` and `Overwrite` (RFC 4918 §10.3, §10.6).
 * @throws HttpRefusal 400 for a missing or malformed header, 502 for another server's address, 403 for the root, for a
 * destination equal to the source or below it.
 */
export function readTransfer(exchange: Exchange): Transfer {
  const { destination, overwrite = 'T' } = exchange.request.headers
  if (typeof destination !== 'string' || typeof overwrite !== 'string') throw new HttpRefusal(400)
  if (!/^[TF]$/i.test(overwrite)) throw new HttpRefusal(400)
  const to = exchange.targetOf(destination)
  const from = exchange.target
  if (from.path === '/' || to.path === '/' || isWithin(to.path, from.path)) throw new HttpRefusal(403)
  // Replacing a directory by one of its own members would remove the member first.
  if (isWithin(from.path, to.path)) throw new HttpRefusal(403)
  return { to, overwrite: overwrite.toUpperCase() === 'T' }
}

/** "Something is there already" is a failed precondition here (RFC 4918 §9.8.5). */
export async function withOverwriteRefusal<T>(transfer: Promise<T>): Promise<T> {
  try {
    return await transfer
  } catch (error) {
    if (isAppError(error, 'already-exists')) throw new HttpRefusal(412, { cause: error })
    throw error
  }
}
