import type { Clock } from '../../lib/clock.ts'
import { isAppError, type AppError } from '../../shared/errors.ts'
import type { ClientInfo } from './identity-extensions.ts'
import type { AskMfaCode } from './ports.ts'
import type { Session } from './sessions/session.ts'
import type { Sessions } from './sessions/sessions.ts'
import { createTunnelIdentity, type TunnelIdentity } from './tunnel-identity.ts'
import { generateTunnelKey, type TunnelKey } from './tunnel-key.ts'

export interface KeepIdentityOptions {
  readonly sessions: Sessions
  readonly profile: string
  readonly fileSystemId: string
  readonly region: string
  readonly accessPointId?: string | undefined
  /** The host name of the drive's agent. */
  readonly commonName: string
  readonly clientInfo: ClientInfo
  readonly clock: Clock
  readonly generateKey?: () => Promise<TunnelKey>
  /** There are new credentials: an identity that could not be had may be had now, and the next one lasts longer. */
  readonly onRenewable?: () => void
}

/** The identities of one mounted drive, all for one key that lives only as long as this. Disposing ends the renewal of its session. */
export interface KeptIdentity extends Disposable {
  /**
   * Sees to it that there is a session, while a person may be there to be asked. Identities never ask: they are renewed when nobody looks.
   * @throws AppError what stands in the way: `mfa-needed` where nobody can be asked, `cancelled` by who was asked, or the signal's reason.
   */
  prepare(signal: AbortSignal, askMfaCode?: AskMfaCode): Promise<void>
  /**
   * A new identity, from a session with at least half of its life before it, where that can be had without a person. Bridges ask
   * when the one they have is at 50 to 70 % of its life, and after a wake.
   * @throws AppError what stands in the way of a session, or the signal's reason.
   */
  issue(signal: AbortSignal): Promise<TunnelIdentity>
  /** The file system did not let in the identity issued last: the session that signed it is given up, and another one fetched at once. */
  denied(error: AppError): void
}

/** Keeps the session of a drive's profile renewed, and makes its tunnel identities. */
export function keepIdentity(options: KeepIdentityOptions): KeptIdentity {
  const { sessions, profile, clock, generateKey = generateTunnelKey } = options
  let key: Promise<TunnelKey> | undefined
  const keyOfDrive = (): Promise<TunnelKey> => {
    key ??= generateKey().catch((error: unknown) => {
      key = undefined
      throw error
    })
    return key
  }
  let signer: Session | undefined
  const kept = sessions.keep(profile)
  const renewals = sessions.obtained.on((session) => {
    if (session.profile === profile) options.onRenewable?.()
  })
  return {
    prepare: async (signal, askMfaCode) => {
      try {
        await sessions.sessionFor(profile, signal)
      } catch (error) {
        // What the last question came to is no reason not to ask again.
        const isForCode = isAppError(error, 'mfa-needed', 'mfa-rejected', 'cancelled')
        if (askMfaCode === undefined || !isForCode) throw error
        await sessions.sessionFor(profile, signal, { askMfaCode })
      }
    },
    issue: async (signal) => {
      const [session, driveKey] = await Promise.all([
        sessions.sessionFor(profile, signal, { fresh: true }),
        keyOfDrive(),
      ])
      signer = session
      const { fileSystemId, region, accessPointId, commonName, clientInfo } = options
      return createTunnelIdentity({
        fileSystemId,
        region,
        accessPointId,
        credentials: session.credentials,
        commonName,
        clientInfo,
        key: driveKey,
        nowMs: clock.now(),
      })
    },
    denied: (error) => {
      if (signer !== undefined) sessions.refused(signer, error)
    },
    [Symbol.dispose]: () => {
      kept[Symbol.dispose]()
      renewals[Symbol.dispose]()
    },
  }
}
