import type { Grant, Oidc } from './oidc.ts'
import { listenForCallback, type Callback, type Loopback } from './loopback.ts'
import { createOauthState, createPkce, type Pkce } from './pkce.ts'

/**
 * Shows a page to the person at this machine. Resolves with false when there is no browser to do it with; whether the page was looked at is
 * not known.
 */
export type OpenUrl = (url: string, signal: AbortSignal) => Promise<boolean>

/** One approval by browser: holds what must not leave this process until the code is exchanged. Whoever has it disposes it. */
export class BrowserGrant implements AsyncDisposable {
  readonly #loopback: Loopback
  readonly #pkce: Pkce
  readonly #state: string

  private constructor(loopback: Loopback, pkce: Pkce, state: string) {
    this.#loopback = loopback
    this.#pkce = pkce
    this.#state = state
  }

  /** @throws the system's error when this machine does not let anybody listen on 127.0.0.1. */
  static async listen(): Promise<BrowserGrant> {
    const state = createOauthState()
    return new BrowserGrant(await listenForCallback(state), createPkce(), state)
  }

  urlFor(clientId: string, oidc: Oidc): string {
    const { redirectUri } = this.#loopback
    return oidc.authorizeUrl({ clientId, redirectUri, state: this.#state, challenge: this.#pkce.challenge })
  }

  get callback(): Promise<Callback> {
    return this.#loopback.callback
  }

  grantOf(code: string): Grant {
    const { redirectUri } = this.#loopback
    return { kind: 'code', code, verifier: this.#pkce.verifier, redirectUri }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#loopback[Symbol.asyncDispose]()
  }
}
