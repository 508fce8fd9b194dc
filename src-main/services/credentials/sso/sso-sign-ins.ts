import type { SignInMethod, SignInState } from '../../../core/sign-in-state.ts'
import type { Clock } from '../../../lib/clock.ts'
import { createEmitter, type Emitter } from '../../../lib/event.ts'
import type { Logger } from '../../../lib/logger.ts'
import type { AwsSettings } from '../aws/client-settings.ts'
import type { SignInFacts, SsoSignIns } from '../ports.ts'
import type { OpenUrl } from './browser-grant.ts'
import type { SsoToken } from './cached-records.ts'
import type { IdentityCenter } from './identity-center.ts'
import { createOidc } from './oidc.ts'
import { createPortal } from './portal.ts'
import { currentToken, isRenewable } from './renew-token.ts'
import { signIn } from './sign-in.ts'
import { signOut, type SignOutResult } from './sign-out.ts'
import { createSsoCache, type SsoCacheOptions } from './sso-cache.ts'
import { watchSsoCache } from './watch-sso-cache.ts'

export interface SsoSignInsOptions extends Pick<SsoCacheOptions, 'cacheDir' | 'lockDir'> {
  readonly settings: AwsSettings
  readonly openUrl: OpenUrl
  readonly clock: Clock
  readonly log: Logger
}

export interface SignInOptions {
  /** What is tried first: the browser gives way to the device code where it cannot work. */
  readonly method: SignInMethod
  /** Hears each state of the sign-in, the last one included. */
  readonly onState: (state: SignInState) => void
}

/** Sign-ins with a person there, and what sessions make of them. */
export interface InteractiveSignIns extends SsoSignIns {
  /**
   * Signs in anew, also where somebody is signed in.
   * @throws AppError `cancelled`, `sign-in-denied`, `sign-in-timeout`, `sign-in-refused`, or what a network does. The sign-in there was stays.
   */
  signIn(center: IdentityCenter, options: SignInOptions, signal: AbortSignal): Promise<void>
  signOut(center: IdentityCenter, signal: AbortSignal): Promise<SignOutResult>
}

export function createSsoSignIns(options: SsoSignInsOptions): InteractiveSignIns {
  const { cacheDir, settings, openUrl, clock, log } = options
  const cache = createSsoCache(options)
  const own: Emitter<void> = createEmitter()
  const openOidc = (center: IdentityCenter) => createOidc(center, settings, clock)
  const openPortal = ({ region }: IdentityCenter) => createPortal(region, settings)
  const renewing = { cache, clock, openOidc }
  return {
    // The files are watched for as long as somebody wants to know.
    changed: {
      on: (listener) => {
        using heard = new DisposableStack()
        heard.use(own.on(listener))
        heard.use(watchSsoCache(cacheDir, clock, () => listener()))
        return heard.move()
      },
    },
    factsOf: async (access) => factsOf(await cache.readToken(access), clock.now()),
    roleCredentials: async (access, signal) => {
      const { accessToken } = await currentToken(access, renewing, signal)
      using portal = await openPortal(access)
      return await portal.roleCredentials(accessToken, access, signal)
    },
    signIn: async (center, { method, onState }, signal) => {
      using oidc = await openOidc(center)
      const parts = { oidc, cache, clock, openUrl }
      const token = await signIn(parts, { center, method, onState, signal })
      // A renewal under way would put its own token over this one.
      using _lock = await cache.lock(center, signal)
      await cache.writeToken(center, token)
      log.info('sign-in', 'signed in', { region: center.region, expiresAtMs: token.expiresAtMs })
      own.fire()
    },
    signOut: async (center, signal) => {
      const result = await signOut(center, { ...renewing, openPortal }, signal)
      if (result.kind === 'not-told')
        log.warn('sign-in', 'AWS was not told of a sign-out', { error: result.cause })
      if (result.kind !== 'was-signed-out') own.fire()
      return result
    },
  }
}

function factsOf(token: SsoToken | undefined, nowMs: number): SignInFacts {
  if (token === undefined) return { kind: 'missing' }
  const renewable = isRenewable(token, nowMs)
  if (!renewable && nowMs >= token.expiresAtMs) return { kind: 'expired' }
  return { kind: 'valid', expiresAtMs: token.expiresAtMs, renewable }
}
