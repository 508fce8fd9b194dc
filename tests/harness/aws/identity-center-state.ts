import { createHash, randomBytes } from 'node:crypto'

export interface RegisteredClient {
  readonly clientId: string
  readonly clientSecret: string
  readonly grantTypes: readonly string[]
  readonly redirectUris: readonly string[]
  readonly scopes: readonly string[]
  readonly expiresAtMs: number
}

export interface IssuedCode {
  readonly clientId: string
  readonly redirectUri: string
  readonly challenge: string
  readonly expiresAtMs: number
}

export interface DeviceRequest {
  readonly deviceCode: string
  readonly userCode: string
  readonly clientId: string
  readonly expiresAtMs: number
  decision: 'pending' | 'approved' | 'denied'
  intervalMs: number
  /** Undefined before the first poll, which may come at once. */
  lastPollMs: number | undefined
}

/** A person's being signed in, whatever tokens stand for it at the moment. */
interface SignedIn {
  readonly clientId: string
  isOver: boolean
}

interface LiveToken {
  readonly signIn: SignedIn
  readonly expiresAtMs: number
}

export interface IdentityCenterTimes {
  readonly clientLifeMs: number
  readonly tokenLifeMs: number
  readonly refreshLifeMs: number
  readonly deviceLifeMs: number
  readonly intervalSeconds: number
}

export const usualTimes: IdentityCenterTimes = {
  clientLifeMs: 90 * 24 * 3_600_000,
  tokenLifeMs: 3_600_000,
  refreshLifeMs: 8 * 3_600_000,
  deviceLifeMs: 600_000,
  intervalSeconds: 5,
}

/** What an Identity Center remembers, in memory. Every secret it makes is kept in `secrets`, for tests to look for. */
export class IdentityCenterState {
  readonly clients = new Map<string, RegisteredClient>()
  readonly codes = new Map<string, IssuedCode>()
  readonly devices = new Map<string, DeviceRequest>()
  readonly secrets: string[] = []
  readonly now: () => number
  times: IdentityCenterTimes
  readonly #accessTokens = new Map<string, LiveToken>()
  readonly #refreshTokens = new Map<string, LiveToken>()

  constructor(now: () => number, times: IdentityCenterTimes) {
    this.now = now
    this.times = times
  }

  newSecret(kind: string): string {
    const secret = `canary-${kind}-${randomBytes(18).toString('base64url')}`
    this.secrets.push(secret)
    return secret
  }

  newClient(client: Pick<RegisteredClient, 'grantTypes' | 'redirectUris' | 'scopes'>): RegisteredClient {
    const registered = {
      ...client,
      clientId: randomBytes(12).toString('base64url'),
      clientSecret: this.newSecret('client'),
      expiresAtMs: this.now() + this.times.clientLifeMs,
    }
    this.clients.set(registered.clientId, registered)
    return registered
  }

  /** Refresh tokens come with a scope only, and are good for one use. */
  newTokens(
    clientId: string,
    signIn: SignedIn = { clientId, isOver: false },
  ): { readonly accessToken: string; readonly expiresIn: number; readonly refreshToken?: string } {
    const accessToken = this.newSecret('access')
    this.#accessTokens.set(accessToken, { signIn, expiresAtMs: this.now() + this.times.tokenLifeMs })
    const expiresIn = this.times.tokenLifeMs / 1000
    if (this.clients.get(clientId)?.scopes.length === 0) return { accessToken, expiresIn }
    const refreshToken = this.newSecret('refresh')
    this.#refreshTokens.set(refreshToken, { signIn, expiresAtMs: this.now() + this.times.refreshLifeMs })
    return { accessToken, expiresIn, refreshToken }
  }

  /** The sign-in that a refresh token carries on; it is used up by that. */
  takeRefreshToken(refreshToken: string, clientId: string): SignedIn | undefined {
    const live = this.#refreshTokens.get(refreshToken)
    if (live === undefined || live.signIn.clientId !== clientId || !this.#isLive(live)) return undefined
    this.#refreshTokens.delete(refreshToken)
    return live.signIn
  }

  isGood(accessToken: string): boolean {
    const live = this.#accessTokens.get(accessToken)
    return live !== undefined && this.#isLive(live)
  }

  /** Ends the sign-in behind a token, with all that came of it. */
  endSignIn(accessToken: string): void {
    const live = this.#accessTokens.get(accessToken)
    if (live !== undefined) live.signIn.isOver = true
  }

  /** An administrator ends everybody's. */
  endAllSignIns(): void {
    for (const { signIn } of [...this.#accessTokens.values(), ...this.#refreshTokens.values()])
      signIn.isOver = true
  }

  #isLive({ signIn, expiresAtMs }: LiveToken): boolean {
    return !signIn.isOver && this.now() < expiresAtMs
  }
}

export function challengeOf(verifier: string): string {
  return createHash('sha256').update(verifier).digest('base64url')
}
