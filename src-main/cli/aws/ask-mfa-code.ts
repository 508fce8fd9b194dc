import type { Clock } from '../../lib/clock.ts'
import type { AskMfaCode } from '../../services/credentials/ports.ts'
import { AppError } from '../../shared/errors.ts'
import type { Terminal } from '../output/terminal.ts'

/** Long enough to find the authenticator; after that nobody is taken to be there. */
const limitMs = 5 * 60_000

/** Asks the person at the terminal; what they type is not shown. Rejects with `mfa-needed` where nobody can be asked, or answers. */
export function createAskMfaCode({ canAsk, note, askHidden }: Terminal, clock: Clock): AskMfaCode {
  return async ({ profile, serial, role }, signal) => {
    const nobody = (): AppError => new AppError('mfa-needed', { profile, serial })
    if (!canAsk) throw nobody()
    note(`The AWS profile ${profile} asks for a code, to take the role ${role}.`)
    const limit = new AbortController()
    using _timer = clock.setTimeout(() => limit.abort(), limitMs)
    const code = await askHidden(`Code of ${serial}: `, AbortSignal.any([signal, limit.signal]))
    if (code !== undefined) return code
    throw limit.signal.aborted ? nobody() : new AppError('cancelled')
  }
}
