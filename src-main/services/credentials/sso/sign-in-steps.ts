import type { SignInEvent, SignInState } from '../../../core/sign-in-state.ts'
import type { Clock } from '../../../lib/clock.ts'
import { orAborted } from '../../../lib/or-aborted.ts'
import { AppError } from '../../../shared/errors.ts'
import type { ClientRegistration, SsoToken } from './cached-records.ts'
import { BrowserGrant, type OpenUrl } from './browser-grant.ts'
import type { IdentityCenter } from './identity-center.ts'
import type { Grant, Oidc } from './oidc.ts'
import { OidcRefused } from './oidc-refused.ts'
import type { SsoCache } from './sso-cache.ts'

export interface SignInParts {
  readonly oidc: Oidc
  readonly cache: SsoCache
  readonly clock: Clock
  readonly openUrl: OpenUrl
}

type StateUnderWay = Exclude<SignInState, { kind: 'signed-in' | 'failed' }>
type StateOf<K extends SignInState['kind']> = Extract<SignInState, { kind: K }>

/** One that ends during the sign-in would be refused at its last step. */
const registrationSpareMs = 15 * 60_000

/** Does what each state of a sign-in is waiting for, and holds the secrets that states do not. */
export class SignInSteps implements AsyncDisposable {
  readonly #parts: SignInParts
  readonly #center: IdentityCenter
  #client: ClientRegistration | undefined
  #browser: BrowserGrant | undefined
  #grant: Grant | undefined
  #token: SsoToken | undefined
  /** For the log: why the sign-in went on as it did. */
  lastRefusal: OidcRefused | undefined

  constructor(parts: SignInParts, center: IdentityCenter) {
    this.#parts = parts
    this.#center = center
  }

  get token(): SsoToken {
    return made(this.#token)
  }

  /** What came of the state. Rejects with the signal's reason, and with what nobody can be blamed for. */
  async take(state: StateUnderWay, signal: AbortSignal): Promise<SignInEvent> {
    try {
      return await this.#take(state, signal)
    } catch (error) {
      signal.throwIfAborted()
      if (!(error instanceof OidcRefused)) throw error
      this.lastRefusal = error
      return { type: 'refused', refusal: error.refusal, nowMs: this.#parts.clock.monotonicMs() }
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#endBrowser()
  }

  #take(state: StateUnderWay, signal: AbortSignal): Promise<SignInEvent> {
    switch (state.kind) {
      case 'registering':
        return this.#register(state, signal)
      case 'asking':
        return state.method === 'browser' ? this.#askByBrowser(signal) : this.#askForDevice(signal)
      case 'awaiting-browser':
        return this.#awaitBrowser(state, signal)
      case 'awaiting-device':
        return this.#awaitDevice(state, signal)
      case 'exchanging':
        return this.#exchange(signal)
    }
  }

  async #register(
    { method, freshClient }: StateOf<'registering'>,
    signal: AbortSignal,
  ): Promise<SignInEvent> {
    const { oidc, cache, clock } = this.#parts
    await this.#endBrowser()
    const forBrowser = method === 'browser'
    const known = freshClient ? undefined : await cache.readRegistration(this.#center)
    const isGood = known?.forBrowser === forBrowser && known.expiresAtMs - registrationSpareMs > clock.now()
    if (isGood) {
      this.#client = known
      return { type: 'registered' }
    }
    this.#client = await oidc.register(forBrowser, signal)
    await cache.writeRegistration(this.#center, this.#client)
    return { type: 'registered' }
  }

  async #askByBrowser(signal: AbortSignal): Promise<SignInEvent> {
    const { oidc, openUrl, clock } = this.#parts
    this.#browser = await BrowserGrant.listen().catch(() => undefined)
    if (this.#browser === undefined) return { type: 'browser-unavailable' }
    const url = this.#browser.urlFor(made(this.#client).clientId, oidc)
    const isOpen = await orAborted(openUrl(url, signal), signal)
    return isOpen
      ? { type: 'browser-opened', url, nowMs: clock.monotonicMs() }
      : { type: 'browser-unavailable' }
  }

  async #awaitBrowser({ endsAtMs }: StateOf<'awaiting-browser'>, signal: AbortSignal): Promise<SignInEvent> {
    const { clock } = this.#parts
    const browser = made(this.#browser)
    const limit = Promise.withResolvers<undefined>()
    using _timer = clock.setTimeout(() => limit.resolve(undefined), endsAtMs - clock.monotonicMs())
    const callback = await orAborted(Promise.race([browser.callback, limit.promise]), signal)
    if (callback === undefined) return { type: 'time-over' }
    if (callback.kind === 'refused') throw refusedInBrowser(callback.error)
    this.#grant = browser.grantOf(callback.code)
    return { type: 'code-received' }
  }

  async #askForDevice(signal: AbortSignal): Promise<SignInEvent> {
    const { oidc, clock } = this.#parts
    const { deviceCode, ...code } = await oidc.startDevice(made(this.#client), signal)
    this.#grant = { kind: 'device', deviceCode }
    return { type: 'device-asked', code, nowMs: clock.monotonicMs() }
  }

  async #awaitDevice({ pollAtMs }: StateOf<'awaiting-device'>, signal: AbortSignal): Promise<SignInEvent> {
    const { clock } = this.#parts
    await clock.sleep(Math.max(0, pollAtMs - clock.monotonicMs()), signal)
    return await this.#exchange(signal)
  }

  async #exchange(signal: AbortSignal): Promise<SignInEvent> {
    const { startUrl, region } = this.#center
    const { clientId, clientSecret, expiresAtMs } = made(this.#client)
    const issued = await this.#parts.oidc.createToken(made(this.#client), made(this.#grant), signal)
    const client = { clientId, clientSecret, expiresAtMs }
    this.#token = { startUrl, region, ...issued, client }
    return { type: 'token-received', expiresAtMs: issued.expiresAtMs }
  }

  async #endBrowser(): Promise<void> {
    const browser = this.#browser
    this.#browser = undefined
    await browser?.[Symbol.asyncDispose]()
  }
}

/** The errors of RFC 6749, 4.1.2.1, as AWS sends them back with the browser. */
function refusedInBrowser(error: string): OidcRefused {
  const cause = new Error(`the browser came back with ${error.replaceAll(/[^a-z_]/g, '?').slice(0, 50)}`)
  switch (error) {
    case 'access_denied':
      return new OidcRefused('final', new AppError('sign-in-denied', {}, { cause }))
    case 'unauthorized_client':
      return new OidcRefused('client-rejected', new AppError('sign-in-refused', {}, { cause }))
    case 'unsupported_response_type':
      return new OidcRefused('method-unsupported', new AppError('sign-in-refused', {}, { cause }))
    case 'server_error':
    case 'temporarily_unavailable':
      return new OidcRefused('passing', new AppError('aws-failed', {}, { cause }))
    default:
      return new OidcRefused('final', new AppError('sign-in-refused', {}, { cause }))
  }
}

/** The machine never asks for a step before the one that makes what it needs. */
function made<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('a step of the sign-in was left out')
  return value
}
